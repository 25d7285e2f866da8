using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins;

/// <summary>
/// A plugin that this gateway has, whole: how its configuration is read, and what is made of it. One class for each plugin, in the plugin's folder; one line in
/// <see cref="PluginKinds"/>. Immutable, thread-safe.
/// </summary>
public abstract class PluginKind : PluginDefinition
{
    /// <summary>Makes it run with a configuration that <see cref="PluginDefinition.Read"/> gave. Called by the thread that compiles snapshots; never for each request.</summary>
    public abstract Plugin Make(PluginConfig config, PluginServices services);

    /// <summary>A schema that lies beside the plugin's class as <c>schema.json</c>, embedded as <c>Plugins.Folder.schema.json</c>.</summary>
    protected static ReadOnlyMemory<byte> EmbeddedSchema(Type kind, string file = "schema.json")
    {
        string name = $"{kind.Namespace}.{file}";
        using Stream stream = kind.Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded in {kind.Assembly.GetName().Name}");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
