using System.Text.Json;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Core.Config.Reading.Registries;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config;

/// <summary>
/// Turns the stored JSON of an object into its typed record, collecting every problem on the way. One set of rules for everyone who
/// reads an object: the Admin API before it stores, a gateway before it serves. Never throws for bad input. Thread-safe: no state.
/// References to other objects are not looked at here.
/// </summary>
public static class ConfigParser
{
    /// <summary>
    /// Parses an object that a client wants to have stored; null when <paramref name="errors"/> has errors. <paramref name="id"/> is the id from the key, <paramref name="plugins"/>: those
    /// it may carry; null = none.
    /// </summary>
    public static object? Parse(ResourceKind kind, string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins) => kind switch
    {
        ResourceKind.Upstream => ParseUpstream(id, value, errors),
        ResourceKind.Route => ParseRoute(id, value, errors, plugins),
        ResourceKind.Service => ParseService(id, value, errors, plugins),
        ResourceKind.Override => ParseOverride(id, value, errors),
        ResourceKind.Consumer => ParseConsumer(id, value, errors, plugins),
        ResourceKind.Credential => ParseCredential(id, value, errors, plugins),
        ResourceKind.ConsumerGroup or ResourceKind.PluginConfig or ResourceKind.GlobalRule => ParsePluginSet(kind, id, value, errors, plugins),
        ResourceKind.PluginMetadata => ParsePluginMetadata(id, value, errors, plugins),
        ResourceKind.Proto => ParseProto(id, value, errors),
        ResourceKind.Secret => ParseSecret(id, value, errors),
        ResourceKind.Ssl => ParseSsl(id, value, errors),
        ResourceKind.ServiceRegistry => ParseServiceRegistry(id, value, errors),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>
    /// As <see cref="Parse(ResourceKind, string, JsonElement, ConfigErrors, PluginCatalog)"/>, for what is in the store already: a plugin that this gateway does not have is a warning
    /// instead of an error and stands in the object's <c>UnknownPlugins</c>, so that requests can be answered 503 instead of being served without it.
    /// </summary>
    public static object? ParseStored(ResourceKind kind, string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins) => kind switch
    {
        ResourceKind.Route => ParseStoredRoute(id, value, errors, plugins),
        ResourceKind.Service => ParseStoredService(id, value, errors, plugins),
        ResourceKind.Consumer => Parse(value, errors, findings => ConsumerReader.Read(id, value, findings), plugins, acceptUnknownPlugins: true),
        ResourceKind.ConsumerGroup or ResourceKind.PluginConfig or ResourceKind.GlobalRule =>
            Parse(value, errors, findings => PluginSetReader.Read(kind, id, value, findings), plugins, acceptUnknownPlugins: true),
        _ => Parse(kind, id, value, errors, plugins),
    };

    /// <summary>Parses an upstream. <paramref name="id"/> is the id from the key. Null when <paramref name="errors"/> has errors.</summary>
    public static UpstreamConfig? ParseUpstream(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => UpstreamReader.Read(id, value, Location.Root, findings));

    /// <summary>Parses a route. Null when <paramref name="errors"/> has errors. <paramref name="plugins"/>: those it may carry; null = none.</summary>
    public static RouteConfig? ParseRoute(string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => RouteReader.Read(id, value, findings), plugins, ResourceKind.Route.Key(id));

    /// <summary>Parses a service. Null when <paramref name="errors"/> has errors. <paramref name="plugins"/>: those it may carry; null = none.</summary>
    public static ServiceConfig? ParseService(string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => ServiceReader.Read(id, value, findings), plugins, ResourceKind.Service.Key(id));

    /// <summary>
    /// As <see cref="ParseRoute"/>, for what is in the store already: a plugin that this gateway does not have is a warning instead of an
    /// error and stands in <see cref="RouteConfig.UnknownPlugins"/>, so that the route can answer 503 instead of being served without it.
    /// </summary>
    public static RouteConfig? ParseStoredRoute(string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => RouteReader.Read(id, value, findings), plugins, ResourceKind.Route.Key(id), acceptUnknownPlugins: true);

    /// <summary>As <see cref="ParseService"/>, for what is in the store already; see <see cref="ParseStoredRoute"/>.</summary>
    public static ServiceConfig? ParseStoredService(string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => ServiceReader.Read(id, value, findings), plugins, ResourceKind.Service.Key(id), acceptUnknownPlugins: true);

    /// <summary>Parses a stored override; <paramref name="id"/> is its <see cref="OverrideTarget.Id"/>. Null when <paramref name="errors"/> has errors.</summary>
    public static OverrideConfig? ParseOverride(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => OverrideReader.Read(id, value, findings));

    /// <summary>Parses what an operator asks for. Null when <paramref name="errors"/> has errors.</summary>
    public static OverrideRequest? ParseOverrideRequest(JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => OverrideReader.ReadRequest(value, findings));

    /// <summary>Parses a consumer. Null when <paramref name="errors"/> has errors.</summary>
    public static ConsumerConfig? ParseConsumer(string username, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => ConsumerReader.Read(username, value, findings), plugins, ResourceKind.Consumer.Key(username));

    /// <summary>Parses a credential; <paramref name="id"/> is <see cref="CredentialConfig.Id"/>. Null when <paramref name="errors"/> has errors.</summary>
    public static CredentialConfig? ParseCredential(string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => ConsumerReader.ReadCredential(id, value, findings), plugins, ResourceKind.Credential.Key(id));

    /// <summary>Parses a plugin config, consumer group or global rule. Null when <paramref name="errors"/> has errors.</summary>
    public static PluginSetConfig? ParsePluginSet(ResourceKind kind, string id, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => PluginSetReader.Read(kind, id, value, findings), plugins, kind.Key(id));

    /// <summary>Parses the metadata of a plugin. Null when <paramref name="errors"/> has errors.</summary>
    public static PluginMetadataConfig? ParsePluginMetadata(string plugin, JsonElement value, ConfigErrors errors, PluginCatalog? plugins = null) =>
        Parse(value, errors, findings => PluginSetReader.ReadMetadata(plugin, value, findings), plugins);

    /// <summary>Parses Protocol Buffers definitions. Null when <paramref name="errors"/> has errors.</summary>
    public static ProtoConfig? ParseProto(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => ProtoReader.Read(id, value, findings));

    /// <summary>Parses how a keeper of secrets is reached; <paramref name="id"/> is <see cref="SecretConfig.Id"/>. Null when <paramref name="errors"/> has errors.</summary>
    public static SecretConfig? ParseSecret(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => SecretReader.Read(id, value, findings));

    /// <summary>Parses a certificate object. Null when <paramref name="errors"/> has errors.</summary>
    public static SslConfig? ParseSsl(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => SslReader.Read(id, value, findings));

    /// <summary>Parses a service registry connection. Null when <paramref name="errors"/> has errors.</summary>
    public static ServiceRegistryConfig? ParseServiceRegistry(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => ServiceRegistryReader.Read(id, value, findings));

    /// <summary>Parses a gateway group. Null when <paramref name="errors"/> has errors.</summary>
    public static GatewayGroupConfig? ParseGatewayGroup(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => GatewayGroupReader.Read(id, value, findings));

    /// <summary>Parses a workspace. Null when <paramref name="errors"/> has errors.</summary>
    public static WorkspaceConfig? ParseWorkspace(string id, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => GatewayGroupReader.ReadWorkspace(id, value, findings));

    /// <summary>Parses how a registry of <paramref name="type"/>, one of <see cref="RegistryTypes.All"/>, is reached. Null when <paramref name="errors"/> has errors.</summary>
    public static RegistryConfig? ParseRegistry(string type, JsonElement value, ConfigErrors errors) =>
        Parse(value, errors, findings => RegistryReader.Read(type, value, Location.Root, findings));

    /// <summary>
    /// Whether <paramref name="value"/> is a JSON object; when not, that is added to <paramref name="errors"/> in the words of the parser. For whoever takes objects from
    /// clients: the parser itself also reads <c>[]</c>, which is how a Lua client writes an object without members, but it cannot be stored with an id.
    /// </summary>
    public static bool CheckIsObject(JsonElement value, ConfigErrors errors)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return true;
        var findings = new Findings();
        JsonValues.WrongType("object", value, Location.Root, findings);
        findings.PourInto(errors);
        return false;
    }

    private static T? Parse<T>(
        JsonElement value, ConfigErrors errors, Func<Findings, T?> read, PluginCatalog? plugins = null, string ownerKey = "", bool acceptUnknownPlugins = false)
        where T : class
    {
        if (JsonTexts.FindBroken(value) is { } path)
        {
            errors.Add(path, $"invalid configuration: {(path.Length == 0 ? "the value" : path)} holds half of a surrogate pair, which is not Unicode text");
            return null;
        }

        var findings = new Findings { AcceptUnknownPlugins = acceptUnknownPlugins, Plugins = plugins ?? PluginCatalog.Empty, OwnerKey = ownerKey };
        T? parsed = read(findings);
        findings.PourInto(errors);
        return findings.HasErrors ? null : parsed;
    }
}
