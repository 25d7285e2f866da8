using System.Text.Json;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads a service registry connection: API7's fields, with <c>TYPE_config</c> for every type.</summary>
internal static class ServiceRegistryReader
{
    public static ServiceRegistryConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;
        reader.TryGet("id", out _);
        MetadataReader.CheckTimes(reader);
        string? name = reader.Text("name", 1, 1024);
        reader.Text("desc");
        string? type = reader.Choice("type", RegistryTypes.All);
        reader.Require("type");
        RegistryConfig? registry = type is null ? null : ReadRegistry(reader, type);
        (TimeSpan? interval, TimeSpan? timeout) = ReadHealthCheck(reader);
        reader.ForbidOthers();
        if (registry is null)
            return null;
        var config = new ServiceRegistryConfig { Id = id, Name = name, Registry = registry };
        return config with { ProbeInterval = interval ?? config.ProbeInterval, ProbeTimeout = timeout ?? config.ProbeTimeout };
    }

    private static RegistryConfig? ReadRegistry(ObjectReader reader, string type)
    {
        string member = $"{type}_config";
        reader.Require(member);
        if (!reader.TryGet(member, out JsonElement config))
            return null;
        RefuseUserInformation(config, reader.At.Property(member), reader.Findings);
        return RegistryReader.Read(type, config, reader.At.Property(member), reader.Findings);
    }

    /// <summary>APISIX's config.yaml has users and passwords in addresses; here they would be stored and shown in clear.</summary>
    private static void RefuseUserInformation(JsonElement value, Location at, Findings findings)
    {
        if (value.ValueKind == JsonValueKind.String && RegistrySecrets.HasUserInformation(value.GetString()!))
        {
            findings.Add(Phase.Own, at, $"{at.Path} holds user information before an @; give user and password in the fields of auth (an @ in a path is written %40)");
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
                RefuseUserInformation(member.Value, at.Property(member.Name), findings);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
                RefuseUserInformation(item, at.Item(index++), findings);
        }
    }

    private static (TimeSpan? Interval, TimeSpan? Timeout) ReadHealthCheck(ObjectReader reader)
    {
        if (reader.Object("health_check") is not { } check)
            return (null, null);
        int? interval = check.Integer("probe_interval", 1);
        int? timeout = check.Integer("probe_timeout", 1);
        check.ForbidOthers();
        return (Seconds(interval), Seconds(timeout));
    }

    private static TimeSpan? Seconds(int? count) => count is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
