using System.Text.Json;

namespace Headgate.Core.Config;

/// <summary>
/// Turns the stored JSON of an object into its typed record, collecting every problem on the way. One set of rules for everyone who
/// reads an object: the Admin API before it stores, a gateway before it serves. Never throws for bad input. Thread-safe: no state.
/// References to other objects are not looked at here.
/// </summary>
public static class ConfigParser
{
    /// <summary>Parses an upstream. <paramref name="id"/> is the id from the key. Null when <paramref name="errors"/> has errors.</summary>
    public static UpstreamConfig? ParseUpstream(string id, JsonElement value, ConfigErrors errors) => throw new NotSupportedException("written by the config slice");

    /// <summary>Parses a route. Null when <paramref name="errors"/> has errors.</summary>
    public static RouteConfig? ParseRoute(string id, JsonElement value, ConfigErrors errors) => throw new NotSupportedException("written by the config slice");

    /// <summary>Parses a service. Null when <paramref name="errors"/> has errors.</summary>
    public static ServiceConfig? ParseService(string id, JsonElement value, ConfigErrors errors) => throw new NotSupportedException("written by the config slice");
}
