using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Registries;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;

namespace Headgate.Control.ControlApi;

/// <summary>
/// <c>/v1/discovery/TYPE/dump</c>: what is known of the services of a registry of <c>config.yaml</c>, shaped as APISIX shapes it for that type. Only services that upstreams follow are
/// known here; APISIX reads whole registries. Sources: <c>dump_data</c> of <c>apisix/discovery/*/init.lua</c>.
/// </summary>
internal sealed class DiscoveryDump(IDiscoveryView discovery, IReadOnlyDictionary<string, string> settings)
{
    private const string NacosNamespace = "public";
    private const string NacosGroup = "DEFAULT_GROUP";

    /// <summary>The answer; null when there is no such registry, or none of whose type a dump exists in APISIX either (<c>dns</c>).</summary>
    public AdminResponse? Of(string type)
    {
        if (!settings.TryGetValue(type, out string? config) || type == DnsConfig.TypeName)
            return null;
        ServiceView[] services = [.. discovery.Services().Where(service => service.Key.Registry == type && service.IsKnown)];
        return type switch
        {
            NacosConfig.TypeName => Nacos(services),
            KubernetesConfig.TypeName => Kubernetes(config, services),
            _ => Plain(config, services),
        };
    }

    private static AdminResponse Plain(string config, ServiceView[] services) => AdminResponse.Object(200, (config, services), static (writer, state) =>
    {
        WriteConfig(writer, state.config);
        writer.WriteStartObject("services");
        foreach (IGrouping<string, ServiceView> named in state.services.GroupBy(static service => service.Key.Name))
            DiscoveryJson.WriteInstances(writer, named.Key, Joined(named));
        writer.WriteEndObject();
    });

    private static AdminResponse Nacos(ServiceView[] services) => AdminResponse.Object(200, services, static (writer, all) =>
    {
        writer.WriteStartObject("services");
        foreach (IGrouping<string, ServiceView> named in all.GroupBy(static service =>
                     $"default/{service.Key.Arguments.NamespaceId ?? NacosNamespace}/{service.Key.Arguments.GroupName ?? NacosGroup}/{service.Key.Name}"))
        {
            writer.WriteStartObject(named.Key);
            DiscoveryJson.WriteInstances(writer, "nodes", Joined(named));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static AdminResponse Kubernetes(string config, ServiceView[] services) => AdminResponse.Object(200, (config, services), static (writer, state) =>
    {
        WriteConfig(writer, state.config);
        bool isList = state.config.StartsWith('[');
        writer.WriteStartArray("endpoints");
        foreach (IGrouping<string, (string Id, string Name, string Port, ServiceView Service)> cluster in state.services.Select(service => Parts(service, isList)).GroupBy(static part => part.Id))
        {
            writer.WriteStartObject();
            if (isList)
                writer.WriteString("id", cluster.Key);
            writer.WriteStartArray("endpoints");
            foreach (IGrouping<string, (string Id, string Name, string Port, ServiceView Service)> named in cluster.GroupBy(static part => part.Name))
            {
                writer.WriteStartObject();
                writer.WriteString("name", named.Key);
                writer.WriteString("value", JsonText.Build(named, WritePorts).Span);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void WritePorts(Utf8JsonWriter writer, IEnumerable<(string Id, string Name, string Port, ServiceView Service)> parts)
    {
        writer.WriteStartObject();
        foreach (IGrouping<string, (string Id, string Name, string Port, ServiceView Service)> port in parts.GroupBy(static part => part.Port))
            DiscoveryJson.WriteInstances(writer, port.Key, Joined(port.Select(static part => part.Service)));
        writer.WriteEndObject();
    }

    /// <summary><c>[ID/]NAMESPACE/NAME:PORT</c>; the id is there when the settings have several clusters.</summary>
    private static (string Id, string Name, string Port, ServiceView Service) Parts(ServiceView service, bool hasId)
    {
        string name = service.Key.Name;
        int colon = name.LastIndexOf(':');
        string port = colon < 0 ? "" : name[(colon + 1)..];
        string rest = colon < 0 ? name : name[..colon];
        int slash = hasId ? rest.IndexOf('/', StringComparison.Ordinal) : -1;
        return (slash < 0 ? "" : rest[..slash], rest[(slash + 1)..], port, service);
    }

    /// <summary>The instances of services that differ in their arguments only, each address once.</summary>
    private static EquatableArray<ServiceInstance> Joined(IEnumerable<ServiceView> services) =>
        [.. services.SelectMany(static service => service.Instances).DistinctBy(static instance => (instance.Host, instance.Port))];

    private static void WriteConfig(Utf8JsonWriter writer, string config)
    {
        writer.WritePropertyName("config");
        writer.WriteRawValue(config);
    }
}
