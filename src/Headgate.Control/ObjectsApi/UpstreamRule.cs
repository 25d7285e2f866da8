using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Control.ObjectsApi;

/// <summary>API7's rule: a request always has somewhere to go. APISIX's Admin API also takes routes that a plugin answers.</summary>
internal static class UpstreamRule
{
    private static readonly string[] OfService = ["upstream", "upstream_id"];
    private static readonly string[] OfRoute = [.. OfService, "service_id"];

    /// <summary>What is missing of an object about to be stored; null = nothing.</summary>
    public static ConfigError? Check(ResourceKind kind, JsonElement value)
    {
        string[] needed = kind switch
        {
            ResourceKind.Route => OfRoute,
            ResourceKind.Service => OfService,
            _ => [],
        };
        return needed.Length == 0 || needed.Any(member => value.TryGetProperty(member, out JsonElement given) && given.ValueKind != JsonValueKind.Null) ? null
            : new ConfigError("", $"a {kind.Singular()} needs an upstream: one of {string.Join(", ", needed)}");
    }
}
