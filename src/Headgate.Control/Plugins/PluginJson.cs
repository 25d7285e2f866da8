using System.Text.Json;
using Headgate.Core.Config.Plugins;

namespace Headgate.Control.Plugins;

/// <summary>What APISIX's list of plugins and Headgate's both tell of one. Source: APISIX, <c>apisix/admin/plugins.lua</c>.</summary>
internal static class PluginJson
{
    /// <summary>Writes its members into an object that is begun.</summary>
    public static void Write(Utf8JsonWriter writer, PluginDefinition plugin)
    {
        writer.WriteString("version", plugin.Version);
        writer.WriteNumber("priority", plugin.Priority);
        if (plugin.IsAuthentication)
            writer.WriteString("type", "auth");
        writer.WritePropertyName("schema");
        writer.WriteRawValue(plugin.Schema.Span);
        if (plugin.ConsumerSchema.IsEmpty)
            return;
        writer.WritePropertyName("consumer_schema");
        writer.WriteRawValue(plugin.ConsumerSchema.Span);
    }
}
