using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>What only one object may have: a plugin among the global rules, and by what a plugin finds a consumer among consumers and credentials.</summary>
internal static class UniqueKeys
{
    /// <summary>Those of an object; none when it has none.</summary>
    public static IEnumerable<string> Of(ObjectName name, JsonObject value)
    {
        if (value["plugins"] is not JsonObject plugins)
            return [];
        return name.Kind switch
        {
            ResourceKind.GlobalRule => plugins.Select(static plugin => "global rule " + plugin.Key),
            ResourceKind.Consumer or ResourceKind.Credential => plugins.Select(static plugin => OfConsumer(plugin.Key, plugin.Value)).OfType<string>(),
            _ => [],
        };
    }

    private static string? OfConsumer(string plugin, JsonNode? configuration) =>
        PluginRules.Find(plugin)?.ConsumerKey is { } field && (configuration as JsonObject)?[field] is JsonValue key && key.GetValueKind() == JsonValueKind.String ? $"consumer {plugin} {key}" : null;
}
