using Headgate.Core.Config.Reading;

namespace Headgate.Core.Config.Plugins;

/// <summary>
/// What is known of a plugin without running it: its name, its place among the others, and how its configuration is read and shown. What it does with requests is the data
/// plane's. Immutable, thread-safe.
/// </summary>
public abstract class PluginDefinition
{
    /// <summary>Its name, as it stands in <c>plugins</c>: <c>key-auth</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Plugins of a higher one run first; APISIX's number for its plugins. <c>_meta.priority</c> replaces it.</summary>
    public abstract int Priority { get; }

    /// <summary>Version of the configuration's format, as clients are shown it.</summary>
    public virtual string Version => "0.1";

    /// <summary>Whether it finds out who the consumer is.</summary>
    public virtual bool IsAuthentication => false;

    /// <summary>JSON schema (draft 7) of the configuration, UTF-8.</summary>
    public abstract ReadOnlyMemory<byte> Schema { get; }

    /// <summary>JSON schema of what a consumer or credential carries for it; empty when those carry the same as a route.</summary>
    public virtual ReadOnlyMemory<byte> ConsumerSchema => default;

    /// <summary>The member of a consumer's configuration by which the consumer is found, so that no two may have the same: <c>key</c>; null = there is none.</summary>
    public virtual string? ConsumerKey => null;

    /// <summary>
    /// Members of the configuration, and of a consumer's, that are secrets: encrypted at rest, and shown to nobody but who may read the object as it is. Paths:
    /// <c>client_secret</c>, <c>auth.token</c>; <c>*</c> stands for every member or item. Of a member that is no text, all texts in it are secrets.
    /// </summary>
    public virtual IReadOnlyList<string> SecretFields => [];

    /// <summary>As <see cref="SecretFields"/>, of what all uses of the plugin share (<c>plugin_metadata</c>).</summary>
    public virtual IReadOnlyList<string> MetadataSecretFields => [];

    /// <summary>
    /// Reads the configuration as routes, services, plugin configs, consumers, groups and global rules carry it. Reports each problem to the reader's findings, unknown
    /// members included; null when nothing of use is left.
    /// </summary>
    public abstract PluginConfig? Read(ObjectReader reader);

    /// <summary>
    /// By what a consumer is found that carries <paramref name="credential"/>: the value of <see cref="ConsumerKey"/>. Null, as for every plugin that does not authenticate, when it is found
    /// by nothing. <paramref name="credential"/>: what <see cref="ReadCredential"/> gave.
    /// </summary>
    public virtual string? CredentialKey(PluginConfig credential) => null;

    /// <summary>
    /// Reads what all uses of the plugin share (<c>plugin_metadata</c>); <c>id</c> and the two times are read already. Null when the plugin has no use for it, which is warned about; as
    /// with APISIX, members that nobody knows pass there.
    /// </summary>
    public virtual PluginConfig? ReadMetadata(ObjectReader reader)
    {
        reader.Findings.Warn(reader.At, $"plugin_metadata has no effect here: {Name} has no use for it");
        return null;
    }

    /// <summary>Reads what a consumer or credential carries for a plugin that authenticates; as <see cref="Read"/> unless it says otherwise.</summary>
    public virtual PluginConfig? ReadCredential(ObjectReader reader) => Read(reader);
}
