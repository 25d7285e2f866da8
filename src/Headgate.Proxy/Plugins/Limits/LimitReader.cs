using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.Limits;

/// <summary>Reads what the plugins that limit have in common.</summary>
internal static class LimitReader
{
    private static readonly string[] RedisFields =
    [
        "redis_host", "redis_port", "redis_username", "redis_password", "redis_database", "redis_timeout", "redis_ssl", "redis_ssl_verify", "redis_keepalive_timeout",
        "redis_keepalive_pool", "redis_cluster_nodes", "redis_cluster_name", "redis_cluster_ssl", "redis_cluster_ssl_verify",
    ];

    /// <summary>All that <c>key_type</c> may be, in the order of <see cref="LimitKeyType"/>.</summary>
    public static ImmutableArray<string> AllKeyTypes { get; } = ["var", "var_combination", "constant"];

    /// <summary><c>key_type</c> and <c>key</c>; <paramref name="byDefault"/>: the key where none is written, null = one has to be.</summary>
    public static (LimitKeyType Type, string Key) Key(ObjectReader reader, ImmutableArray<string> types, string? byDefault)
    {
        string? type = reader.Choice("key_type", types);
        string? key = reader.Text("key");
        if (byDefault is null)
            reader.Require("key");
        (LimitKeyType Type, string Key) read = (type is null ? LimitKeyType.Variable : (LimitKeyType)types.IndexOf(type), key ?? byDefault ?? "");
        Location at = reader.At.Property("key");
        foreach (string name in key is null ? [] : new LimitKey(read.Type, read.Key).Unsupported)
            reader.Findings.Warn(at, $"{at.Path}: no request has the variable {name} here; one that has none of the key's variables is counted by the client's address");
        return read;
    }

    /// <summary><c>rejected_code</c> and <c>rejected_msg</c>.</summary>
    public static LimitRefusal Refusal(ObjectReader reader) => new(reader.Integer("rejected_code", 200, 599) ?? 503, reader.Text("rejected_msg", 1));

    /// <summary>What says where is counted: only <c>local</c> is there.</summary>
    public static void Policy(ObjectReader reader, ImmutableArray<string> policies)
    {
        Location at = reader.At.Property("policy");
        if (reader.Choice("policy", policies) is { } policy && policy != "local")
        {
            reader.Findings.Add(Phase.Own, at, $"{at.Path}: {policy} is not there yet; allowed: local");
            foreach (string field in RedisFields)
                reader.TryGet(field, out _); // said already
        }

        Location degradation = reader.At.Property("allow_degradation");
        if (reader.Flag("allow_degradation") == true)
            reader.Findings.Warn(degradation, $"{degradation.Path} has no effect: what is counted locally does not fail");
    }

    /// <summary>A whole number from <paramref name="min"/>; APISIX's texts with variables are refused by name. 0, and reported, when it is none.</summary>
    public static int Whole(ObjectReader reader, string name, int min, int max = int.MaxValue)
    {
        if (!reader.TryGet(name, out JsonElement value))
        {
            reader.Require(name);
            return 0;
        }

        Location at = reader.At.Property(name);
        if (value.ValueKind != JsonValueKind.String)
            return JsonValues.Integer(value, at, reader.Findings, min, max) ?? 0;
        reader.Findings.Add(Phase.Own, at, $"{at.Path}: a text with variables is not there yet; allowed: an integer from {min}");
        return 0;
    }

    /// <summary>Refuses <c>rules</c> by name.</summary>
    public static void ForbidRules(ObjectReader reader)
    {
        Location at = reader.At.Property("rules");
        if (reader.TryGet("rules", out _))
            reader.Findings.Add(Phase.Own, at, $"{at.Path} is not there yet; write one plugin with one limit");
    }
}
