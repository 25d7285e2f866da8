using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Discovery;

/// <summary>What is known of services, as it stands in a file.</summary>
internal static class RememberedServicesJson
{
    private const int Version = 1;

    /// <summary>The file's content.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<RememberedService> services)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            JsonSerializer.Serialize(writer, new Stored(Version, [.. services.Select(Store)]), StoredJson.Default.Stored);
        return buffer.WrittenMemory;
    }

    /// <summary>What a file holds.</summary>
    /// <exception cref="InvalidDataException">It is of another version, or not from here.</exception>
    public static IReadOnlyList<RememberedService> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            Stored? stored = JsonSerializer.Deserialize(json, StoredJson.Default.Stored);
            if (stored is not { Version: Version, Services: { } services })
                throw new InvalidDataException($"it is of version {stored?.Version}, and {Version} is read");
            return [.. services.Select(Restore)];
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"it is damaged: {e.Message}", e);
        }
    }

    private static StoredService Store(RememberedService service) => new(
        service.Key.Type, service.Key.RegistryId, service.Key.Name,
        new StoredArguments(
            service.Key.Arguments.NamespaceId, service.Key.Arguments.GroupName, Pairs(service.Key.Arguments.Metadata), [.. service.Key.Arguments.Tags], service.Key.Arguments.Datacenter,
            service.Key.Arguments.PrefersGrpcPort),
        service.AnsweredAt,
        [.. service.Instances.Select(static one => new StoredInstance(one.Host, one.Port, one.Weight, one.Priority, Pairs(one.Metadata)))]);

    private static RememberedService Restore(StoredService stored)
    {
        var answer = new ServiceAnswerBuilder(); // a file is no more to be trusted than a registry
        foreach (StoredInstance one in stored.Instances)
            answer.Add(stored.Name, one.Host, one.Port, one.Weight, one.Priority, Entries(one.Metadata));
        var arguments = new DiscoveryArguments
        {
            NamespaceId = stored.Arguments.NamespaceId,
            GroupName = stored.Arguments.GroupName,
            Metadata = [.. Entries(stored.Arguments.Metadata)],
            Tags = [.. stored.Arguments.Tags],
            Datacenter = stored.Arguments.Datacenter,
            PrefersGrpcPort = stored.Arguments.PrefersGrpcPort,
        };
        return new RememberedService(new ServiceKey(stored.Type, stored.Registry, stored.Name, arguments), stored.AnsweredAt, answer.Build().Instances);
    }

    private static string[][] Pairs(IReadOnlyList<MetadataEntry> entries) => [.. entries.Select(static entry => new[] { entry.Key, entry.Value })];

    private static IEnumerable<MetadataEntry> Entries(string[][] pairs) => pairs.Select(static pair => pair is [{ } key, { } value] ? new MetadataEntry(key, value) : throw new ArgumentException("an entry of metadata is no pair"));

    internal sealed record Stored(int Version, StoredService[] Services);

    internal sealed record StoredService(string Type, string? Registry, string Name, StoredArguments Arguments, DateTimeOffset AnsweredAt, StoredInstance[] Instances);

    internal sealed record StoredArguments(string? NamespaceId, string? GroupName, string[][] Metadata, string[] Tags, string? Datacenter, bool PrefersGrpcPort);

    internal sealed record StoredInstance(string Host, int? Port, int Weight, int Priority, string[][] Metadata);
}

/// <summary>Serialization of <see cref="RememberedServicesJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(RememberedServicesJson.Stored))]
internal sealed partial class StoredJson : JsonSerializerContext;
