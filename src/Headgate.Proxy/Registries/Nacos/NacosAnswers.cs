using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Registries.Nacos;

/// <summary>Understands answers of Nacos.</summary>
internal static class NacosAnswers
{
    // Nacos counts weights in hundredths: less than 0.01 there is not. The gateway's are whole.
    private const int Hundred = 100;

    private const int ResourceNotFound = 20004;
    private const int ServiceNotExist = 21008;

    /// <summary>The instances of <paramref name="service"/> that take traffic.</summary>
    /// <exception cref="RegistryException">It is no list of instances, or one of nothing but garbage.</exception>
    public static ServiceAnswer Instances(RegistryReply reply, NacosConfig config, ServiceKey service)
    {
        using JsonDocument document = Open(reply, config.Api);
        if (Data(document.RootElement, reply, config.Api) is not { } data)
            return new ServiceAnswer([]);
        if ((config.Api == NacosApi.V3 ? data : JsonMembers.Of(data, "hosts")) is not { ValueKind: JsonValueKind.Array } hosts)
            throw new RegistryException($"{reply.Server} answers to {reply.Path} without {(config.Api == NacosApi.V3 ? "data" : "hosts")}, a list");
        var builder = new ServiceAnswerBuilder();
        List<NacosInstance> instances = Read(hosts, config, service.Arguments, builder, out bool isGarbage);
        double scale = instances.Any(static one => one.Weight != Math.Floor(one.Weight)) ? Hundred : 1;
        foreach (NacosInstance one in instances)
            builder.Add(one.At, one.Ip, one.Port, one.Weight > 0 ? Math.Max(1, one.Weight * scale) : one.Weight, metadata: one.Metadata);
        ServiceAnswer answer = builder.Build();
        return builder.IsGarbage && (isGarbage || instances.Count > 0)
            ? throw new RegistryException($"{reply.Server} answers to {reply.Path} with nothing but garbage: {answer.Problems[0]}")
            : answer;
    }

    /// <summary>The names on a page of the list of services.</summary>
    /// <exception cref="RegistryException">It is no such page.</exception>
    public static IReadOnlyList<string> Names(RegistryReply reply, NacosApi api)
    {
        using JsonDocument document = Open(reply, api);
        string member = api == NacosApi.V2 ? "services" : "doms";
        if (Data(document.RootElement, reply, api) is not { } data || JsonMembers.Of(data, member) is not { ValueKind: JsonValueKind.Array } names)
            throw new RegistryException($"{reply.Server} answers to {reply.Path} without {member}, a list");
        return [.. names.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String).Select(static name => name.GetString()!)];
    }

    // Garbage: there is something, and nothing of it can be understood. An instance that is not asked for was understood.
    private static List<NacosInstance> Read(JsonElement hosts, NacosConfig config, DiscoveryArguments arguments, ServiceAnswerBuilder builder, out bool isGarbage)
    {
        var instances = new List<NacosInstance>();
        int index = -1;
        isGarbage = true;
        foreach (JsonElement host in hosts.EnumerateArray())
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"hosts[{++index}]");
            if (host.ValueKind != JsonValueKind.Object)
            {
                builder.Refuse($"{at}: it is no object");
                continue;
            }

            bool takesTraffic = !IsFalse(host, "healthy") && !IsFalse(host, "enabled"); // others are not asked for; a server may tell of them all the same
            NacosInstance? instance = takesTraffic ? Read(host, at, config, arguments, builder) : null;
            isGarbage &= takesTraffic && instance is null;
            if (instance is not null && arguments.MetadataIsIn(instance.Metadata))
                instances.Add(instance);
        }

        return instances;
    }

    private static NacosInstance? Read(JsonElement host, string at, NacosConfig config, DiscoveryArguments arguments, ServiceAnswerBuilder builder)
    {
        EquatableArray<MetadataEntry> metadata = JsonMembers.Entries(JsonMembers.Of(host, "metadata"));
        double weight = config.DefaultWeight;
        long port = 0;
        string? problem = null;
        if (JsonMembers.Of(host, "weight") is { } given && (given.ValueKind != JsonValueKind.Number || !given.TryGetDouble(out weight)))
            problem = "weight: it is no number";
        else if (arguments.PrefersGrpcPort && JsonMembers.Find(metadata, "gRPC_port") is { } text)
            problem = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) ? null : "metadata.gRPC_port: it is no port";
        else if (JsonMembers.Of(host, "port") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt64(out port))
            problem = "port: it is no whole number";
        if (problem is null)
            return new NacosInstance(at, JsonMembers.Text(host, "ip"), port, weight, metadata);
        builder.Refuse($"{at}.{problem}");
        return null;
    }

    private static bool IsFalse(JsonElement host, string name) => JsonMembers.Of(host, name) is { ValueKind: JsonValueKind.False };

    // Errors of the newer APIs have a status, and say more in their body; that of a wrong prefix does not.
    private static JsonDocument Open(RegistryReply reply, NacosApi api)
    {
        try
        {
            return api != NacosApi.V1 && reply.Status is 400 or 404 ? JsonDocument.Parse(reply.Body) : reply.Json();
        }
        catch (JsonException)
        {
            return reply.Json();
        }
    }

    // Null: there is no such service.
    private static JsonElement? Data(JsonElement answer, RegistryReply reply, NacosApi api)
    {
        if (api == NacosApi.V1)
            return answer;
        if (JsonMembers.Of(answer, "code") is not { ValueKind: JsonValueKind.Number } given || !given.TryGetInt32(out int code))
            throw new RegistryException($"{reply.Server} answers {reply.Status} to {reply.Path} without code, a number: is there an API of version 2 or 3?");
        if (code is ResourceNotFound or ServiceNotExist)
            return null;
        if (code != 0 || reply.Status != 200)
            throw new RegistryException(string.Create(CultureInfo.InvariantCulture, $"{reply.Server} answers {reply.Status} to {reply.Path}, code {code}"));
        return JsonMembers.Of(answer, "data") ?? throw new RegistryException($"{reply.Server} answers to {reply.Path} without data");
    }
}
