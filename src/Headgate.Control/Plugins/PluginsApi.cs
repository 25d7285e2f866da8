using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config.Plugins;

namespace Headgate.Control.Plugins;

/// <summary>
/// <c>GET /api/plugins</c>: the plugins that there are, with what forms are made of. All of them run here: what this gateway does not have is in no catalog, and refused where it is written.
/// </summary>
internal static class PluginsApi
{
    /// <summary>Kinds of objects whose plugins act on requests.</summary>
    private static readonly string[] OfRequests = ["route", "service", "plugin_config", "global_rule"];

    /// <summary>The answer. The catalog never changes while a gateway runs.</summary>
    public static AdminResponse List(PluginCatalog plugins) => AdminResponse.Object(200, plugins, static (writer, plugins) =>
    {
        writer.WriteStartArray("list");
        foreach (PluginDefinition plugin in plugins.All)
            Write(writer, plugin);
        writer.WriteEndArray();
        writer.WriteNumber("total", plugins.All.Count);
    });

    private static void Write(Utf8JsonWriter writer, PluginDefinition plugin)
    {
        writer.WriteStartObject();
        writer.WriteString("name", plugin.Name);
        writer.WriteTexts("scopes", ScopesOf(plugin));
        writer.WriteTexts("encrypt_fields", plugin.SecretFields);
        PluginJson.Write(writer, plugin);
        writer.WriteEndObject();
    }

    /// <summary>Where it is of use. A consumer carries for a plugin that authenticates what it is found by, so one that nothing is found by has no business there.</summary>
    private static string[] ScopesOf(PluginDefinition plugin)
    {
        if (!plugin.IsAuthentication)
            return [.. OfRequests, "consumer_group", "consumer"];
        return plugin.ConsumerSchema.IsEmpty ? OfRequests : [.. OfRequests, "consumer", "credential"];
    }
}
