using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Plugins;
using Headgate.Core.Config.Plugins;

namespace Headgate.Control.AdminApi.Schemas;

/// <summary>What clients are shown of the plugins that there are. Source: APISIX, <c>apisix/admin/plugins.lua</c>.</summary>
internal static class PluginPages
{
    /// <summary>Their names, in the order in which they run.</summary>
    public static AdminResponse List(PluginCatalog plugins) => Json(plugins, static (writer, plugins) =>
    {
        writer.WriteStartArray();
        foreach (PluginDefinition plugin in plugins.All)
            writer.WriteStringValue(plugin.Name);
        writer.WriteEndArray();
    });

    /// <summary>All of them with what forms are made of.</summary>
    public static AdminResponse All(PluginCatalog plugins) => Json(plugins, static (writer, plugins) =>
    {
        writer.WriteStartObject();
        foreach (PluginDefinition plugin in plugins.All)
        {
            writer.WriteStartObject(plugin.Name);
            PluginJson.Write(writer, plugin);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    /// <summary>The schema of one; <c>schema_type=consumer</c>: that of what a consumer carries.</summary>
    public static AdminResponse Schema(PluginCatalog plugins, string? name, AdminRequest request)
    {
        if (!plugins.TryGet(name ?? "", out PluginDefinition? plugin))
            return AdminResponse.Error(404, "plugin not found in subsystem http");
        ReadOnlyMemory<byte> schema = request.Query["schema_type"] == "consumer" ? plugin.ConsumerSchema : plugin.Schema;
        return schema.IsEmpty ? AdminResponse.Error(400, "not found schema") : AdminResponse.Raw(200, schema);
    }

    private static AdminResponse Json(PluginCatalog plugins, Action<Utf8JsonWriter, PluginCatalog> write) => AdminResponse.Raw(200, (byte[])[.. JsonText.Build(plugins, write).Span, (byte)'\n']);
}
