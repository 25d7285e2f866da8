using System.Collections.Immutable;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads which service of which registry an upstream follows; null when none.</summary>
internal static class DiscoveryReader
{
    private static readonly ImmutableArray<(string Name, bool IsApisix, string[] Types)> Arguments =
    [
        ("namespace_id", true, [NacosConfig.TypeName]),
        ("group_name", true, [NacosConfig.TypeName]),
        ("metadata", true, [ConsulConfig.TypeName, ConsulKvConfig.TypeName, EurekaConfig.TypeName, FileRegistryConfig.TypeName, HttpRegistryConfig.TypeName, NacosConfig.TypeName]),
        ("tags", false, [ConsulConfig.TypeName]),
        ("datacenter", false, [ConsulConfig.TypeName, ConsulKvConfig.TypeName]),
    ];

    private static readonly ImmutableArray<string> Fields = ["service_name", "discovery_type", "discovery_args", "service_registry_id"];

    public static ServiceKey? Read(ObjectReader upstream, UpstreamScheme scheme)
    {
        string? name = upstream.Text("service_name", 1, 256);
        string? type = upstream.Text("discovery_type");
        string? registry = upstream.Id("service_registry_id");
        DiscoveryArguments arguments = ReadArguments(upstream, type);
        if (type is NacosConfig.TypeName && scheme is UpstreamScheme.Grpc or UpstreamScheme.Grpcs)
            arguments = arguments with { PrefersGrpcPort = true };
        if (upstream.Has("service_name") && upstream.Has("discovery_type"))
        {
            if (type is not null && !RegistryTypes.All.Contains(type))
                WarnOfType(upstream, type);
            return name is null || type is null ? null : new ServiceKey(type, registry, name, arguments);
        }

        if (!upstream.Has("nodes"))
            upstream.Findings.Schema(upstream.At, "value should match only one schema, but matches none (give nodes, or service_name and discovery_type)");
        foreach (string field in Fields)
        {
            if (upstream.Has(field))
                upstream.Findings.Warn(upstream.At.Property(field), $"{upstream.At.Property(field).Path} has no effect without both service_name and discovery_type");
        }

        return null;
    }

    private static void WarnOfType(ObjectReader upstream, string type)
    {
        Location at = upstream.At.Property("discovery_type");
        upstream.Findings.Warn(at, $"{at.Path} {LuaText.Clip(type)} is no type of registry (there are: {string.Join(", ", RegistryTypes.All)}): no node is found");
    }

    private static DiscoveryArguments ReadArguments(ObjectReader upstream, string? type)
    {
        if (upstream.Object("discovery_args") is not { } reader)
            return DiscoveryArguments.None;
        var arguments = new DiscoveryArguments
        {
            NamespaceId = reader.Text("namespace_id"),
            GroupName = reader.Text("group_name"),
            Metadata = NodeMetadataReader.Read(reader, "metadata"),
            Tags = reader.Items<string>("tags", 0, unique: false, ItemReaders.Text) is { } tags ? new EquatableArray<string>(tags) : [],
            Datacenter = reader.Text("datacenter", 1),
        };
        reader.WarnOthers();
        if (type is not null && RegistryTypes.All.Contains(type))
            CheckEffect(reader, type);
        return arguments;
    }

    /// <summary>An argument that the type does not know narrows nothing: Headgate's own is refused then, APISIX's warned about.</summary>
    private static void CheckEffect(ObjectReader reader, string type)
    {
        foreach ((string name, bool isApisix, string[] types) in Arguments)
        {
            if (!reader.Has(name) || types.Contains(type))
                continue;
            Location at = reader.At.Property(name);
            string text = $"{at.Path} has no effect with discovery_type {type}; it acts with {string.Join(", ", types)}";
            if (isApisix)
                reader.Findings.Warn(at, text);
            else
                reader.Findings.Add(Phase.Own, at, text);
        }
    }
}
