using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>
/// A plugin that finds out who calls: routes carry a <typeparamref name="TConfig"/>, consumers and credentials a <typeparamref name="TCredential"/>, whose schema lies beside the class
/// as <c>consumer-schema.json</c>.
/// </summary>
/// <typeparam name="TConfig">Record of its configuration.</typeparam>
/// <typeparam name="TCredential">Record of what consumers carry.</typeparam>
public abstract class AuthenticationKind<TConfig, TCredential> : PluginKind<TConfig>
    where TConfig : PluginConfig
    where TCredential : PluginConfig
{
    private readonly Lazy<ReadOnlyMemory<byte>> _consumerSchema;

    /// <summary>Makes it; the schemas are read when somebody asks for them.</summary>
    protected AuthenticationKind() => _consumerSchema = new(() => EmbeddedSchema(GetType(), "consumer-schema.json"));

    /// <inheritdoc/>
    public sealed override bool IsAuthentication => true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> ConsumerSchema => _consumerSchema.Value;

    /// <inheritdoc/>
    public sealed override PluginConfig? ReadCredential(ObjectReader reader) => ReadConsumer(reader);

    /// <inheritdoc/>
    public sealed override string? CredentialKey(PluginConfig credential) => KeyOf((TCredential)credential);

    /// <summary>As <see cref="PluginDefinition.ReadCredential"/>.</summary>
    protected abstract TCredential? ReadConsumer(ObjectReader reader);

    /// <summary>As <see cref="PluginDefinition.CredentialKey"/>.</summary>
    protected abstract string KeyOf(TCredential credential);
}
