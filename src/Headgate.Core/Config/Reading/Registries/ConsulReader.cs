using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads <c>discovery.consul</c> and <c>consul_config</c>.</summary>
internal static class ConsulReader
{
    private static readonly ImmutableArray<string> Orders = ["origin", "host_sort", "port_sort", "combine_sort"];

    public static ConsulConfig? Read(JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        ConsulAccess access = ConsulAccessReader.Read(reader) with { DefaultInstance = ConsulAccessReader.ReadDefault(reader, "default_service") };
        ImmutableArray<string> skipped = reader.Items<string>("skip_services", 1, unique: false, ItemReaders.Text) ?? [];
        if (reader.Choice("sort_type", Orders) is not null)
            ConsulAccessReader.WarnNoEffect(reader, "sort_type", "nodes stand in the order of host and port");
        if (reader.TryGet("shared_size", out _))
            ConsulAccessReader.WarnNoEffect(reader, "shared_size", "there is no memory of a fixed size to share");
        reader.ForbidOthers();
        return findings.HasErrors ? null : new ConsulConfig(access) { SkippedServices = new EquatableArray<string>(skipped) };
    }
}
