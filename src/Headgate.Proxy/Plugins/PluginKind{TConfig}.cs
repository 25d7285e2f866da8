using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins;

/// <summary>A <see cref="PluginKind"/> whose configuration is a <typeparamref name="TConfig"/>.</summary>
/// <typeparam name="TConfig">Its configuration's record.</typeparam>
public abstract class PluginKind<TConfig> : PluginKind
    where TConfig : PluginConfig
{
    private readonly Lazy<ReadOnlyMemory<byte>> _schema;

    /// <summary>Makes it; the schema is read when somebody asks for it.</summary>
    protected PluginKind() => _schema = new(() => EmbeddedSchema(GetType()));

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Schema => _schema.Value;

    /// <inheritdoc/>
    public sealed override PluginConfig? Read(ObjectReader reader) => ReadConfig(reader);

    /// <inheritdoc/>
    public sealed override Plugin Make(PluginConfig config, PluginServices services) => Make((TConfig)config, services);

    /// <summary>As <see cref="PluginDefinition.Read"/>.</summary>
    protected abstract TConfig? ReadConfig(ObjectReader reader);

    /// <summary>As <see cref="PluginKind.Make(PluginConfig, PluginServices)"/>.</summary>
    protected abstract Plugin Make(TConfig config, PluginServices services);
}
