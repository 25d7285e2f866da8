using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Redis;

namespace Headgate.Proxy.Plugins.Limits;

/// <summary>Reads what the plugins that limit have in common.</summary>
internal static class LimitReader
{
    private static readonly ImmutableArray<string> KeyTypes = ["var", "var_combination", "constant"];

    /// <summary>
    /// What all of them say. <paramref name="keyTypes"/>: how many of <c>key_type</c>'s values there are; <paramref name="byDefault"/>: the key where none is written, null = one has to
    /// be; <paramref name="policies"/>: what APISIX has for <c>policy</c>, <paramref name="served"/> of which are there.
    /// </summary>
    public static LimitTerms Terms(ObjectReader reader, int keyTypes, string? byDefault, ImmutableArray<string> policies, int served)
    {
        RedisServer? redis = Policy(reader, policies, served);
        (LimitKeyType type, string key) = Key(reader, KeyTypes[..keyTypes], byDefault);
        var refusal = new LimitRefusal(reader.Integer("rejected_code", 200, 599) ?? 503, reader.Text("rejected_msg", 1));
        bool allowsDegradation = reader.Flag("allow_degradation") ?? false;
        Location at = reader.At.Property("allow_degradation");
        if (allowsDegradation && redis is null)
            reader.Findings.Warn(at, $"{at.Path} has no effect: what is counted locally does not fail");
        return new LimitTerms(type, key, refusal, redis, allowsDegradation);
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

    /// <summary>Where is counted; null = in this gateway instance.</summary>
    private static RedisServer? Policy(ObjectReader reader, ImmutableArray<string> policies, int served)
    {
        Location at = reader.At.Property("policy");
        string policy = reader.Choice("policy", policies) ?? policies[0];
        int index = policies.IndexOf(policy);
        if (index > 0 && index < served)
            return RedisReader.Server(reader);
        if (index >= served)
            reader.Findings.Add(Phase.Own, at, $"{at.Path}: {policy} is not there; allowed: {string.Join(", ", policies.Take(served))}");
        RedisReader.PassOver(reader, warns: index == 0);
        return null;
    }

    /// <summary><c>key_type</c> and <c>key</c>.</summary>
    private static (LimitKeyType Type, string Key) Key(ObjectReader reader, ImmutableArray<string> types, string? byDefault)
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
}
