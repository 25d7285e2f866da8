using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Core.Tests.Config;

/// <summary>Random damage to valid objects: the parser never throws, and whatever it refuses it refuses with a text.</summary>
public sealed class ConfigMutationTests(ITestOutputHelper output)
{
    private const int Rounds = 20_000;

    private static readonly string[] Valid =
    [
        """
        {"id":"1","name":"n","labels":{"a":"b"},"nodes":{"a.test:80":1,"[::1]:81":2},"type":"chash","hash_on":"header","key":"X-User","retries":2,
         "retry_timeout":1.5,"timeout":{"connect":1,"send":2,"read":3},"scheme":"https","pass_host":"rewrite","upstream_host":"b.test",
         "keepalive_pool":{"size":3,"idle_timeout":4,"requests":5},"tls":{"verify":true,"client_cert_id":"1"},
         "checks":{"active":{"http_path":"/","healthy":{"http_statuses":[200,201],"successes":1},"unhealthy":{"timeouts":2}},"passive":{"type":"tcp"}}}
        """,
        """{"nodes":[{"host":"a","port":1,"weight":1,"priority":2,"metadata":{"zone":"z"}},{"host":"[2001:db8::1]","weight":0}]}""",
        """{"service_name":"s","discovery_type":"dns","discovery_args":{"namespace_id":"n","group_name":"g"}}""",
        """
        {"uris":["/a","/b/*"],"hosts":["a.test","*.b.test"],"methods":["GET"],"remote_addrs":["10.0.0.0/8","::1"],"priority":1,"status":1,
         "vars":["OR",["arg_a","==","1"],["AND",["http_x","!","~~","^a(b|c)*$"],["remote_addr","ipmatch",["10.0.0.0/8"]]],["arg_b","in",["x",1,true]]],
         "upstream":{"nodes":{"a:1":1}},"service_id":1,"plugins":{},"enable_websocket":true,"timeout":{"connect":1,"send":1,"read":1}}
        """,
        """{"uri":"/*","host":"a.test","remote_addr":"1.2.3.4","upstream_id":"1","plugin_config_id":"p","vars":[["uri","~*","x"]],"plugins":{"key-auth":{}}}""",
        """{"hosts":["a.test"],"upstream_id":5,"enable_websocket":false,"plugins":{},"desc":"d"}""",
        """{"username":"jack","group_id":"g","desc":"d","plugins":{"key-auth":{"key":"k"}}}""",
        """{"uri":"http://127.0.0.1:8200","prefix":"kv/a","token":"t","auth_config":{"client_email":"a","scope":["x"]},"auth_file":"f"}""",
        """{"type":"server","cert":"c","key":"k","snis":["a.test","*.b.test"],"certs":["c"],"keys":["k"],"client":{"ca":"a","depth":1,"skip_mtls_uri_regex":["^/a"]},"ssl_protocols":["TLSv1.3"]}""",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "-1e400", "1e-400", "2147483648", "99999999999999999999", "\"\"", "\"*\"", "\"x\"", "\"::1\"", "\"[::1\"", "\"a:99999\"",
        "\"/\"", "\"\\ud800\"", "\"\\udc00\\u0000\"", "\"\\\"\\\\\\n\"", "\"😀\"", "\"(\"", "\"(?=a)(\\\\1+)+$\"", "\"10.0.0.0/99\"", "\"!\"", "\"AND\"", "\"ipmatch\"",
        "[]", "{}", "[[]]", "[null]", "[[[[]]]]", "{\"\":1}", "{\"a\":{}}", "{\"\\ud800\":1}", "[1,1]", "[\"a\",\"==\"]",
    ];

    [Fact]
    public void Parse_DamagedObject_NeverThrowsAndAlwaysSaysWhy()
    {
        int seed = TestSeed.Value;
        output.WriteLine($"HEADGATE_SEED={seed}");
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string text = Damage(Valid[random.Next(Valid.Length)], random);
            using var document = JsonDocument.Parse(text);
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseUpstream("u", value, errors));
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseRoute("r", value, errors));
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseStoredRoute("r", value, errors));
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseService("s", value, errors));
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseConsumer("c", value, errors));
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseCredential("c/credentials/1", value, errors));
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseSecret("gcp/1", value, errors));
            refused += Check(text, document.RootElement, (value, errors) => ConfigParser.ParseSsl("s", value, errors));
        }

        refused.ShouldBeInRange(Rounds, (8 * Rounds) - 1);
    }

    private static int Check(string text, JsonElement value, Func<JsonElement, ConfigErrors, object?> parse)
    {
        var errors = new ConfigErrors();
        object? config;
        try
        {
            config = parse(value, errors);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"threw for {text}", exception);
        }

        (config is null).ShouldBe(!errors.IsValid, text);
        foreach (ConfigError error in errors.Errors.Concat(errors.Warnings))
        {
            error.Message.ShouldNotBeNullOrWhiteSpace(text);
            error.Message.EndsWith('.').ShouldBeFalse($"{error.Message} for {text}");
            error.Path.ShouldNotBeNull(text);
        }

        return config is null ? 1 : 0;
    }

    /// <summary>One to three random changes: a value replaced, a member taken away, renamed or added.</summary>
    private static string Damage(string json, Random random)
    {
        JsonNode root = JsonNode.Parse(json)!;
        var inserted = new Dictionary<string, string>();
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            JsonNode[] containers = [.. Containers(root)];
            JsonNode target = containers[random.Next(containers.Length)];
            string mark = $"@{inserted.Count}@";
            inserted[mark] = Values[random.Next(Values.Length)];
            if (target is JsonObject members)
                DamageObject(members, mark, random);
            else if (target is JsonArray items)
                DamageArray(items, mark, random);
        }

        string text = root.ToJsonString();
        return inserted.Aggregate(text, (damaged, value) => damaged.Replace($"\"{value.Key}\"", value.Value, StringComparison.Ordinal));
    }

    private static void DamageObject(JsonObject members, string mark, Random random)
    {
        string? name = members.Count == 0 ? null : members.ElementAt(random.Next(members.Count)).Key;
        switch (random.Next(4))
        {
            case 0 when name is not null:
                members.Remove(name);
                break;
            case 1 when name is not null:
                JsonNode? moved = members[name]?.DeepClone();
                members.Remove(name);
                members[name[..(name.Length / 2)] + "x"] = moved;
                break;
            case 2:
                members["added"] = mark;
                break;
            default:
                members[name ?? "added"] = mark;
                break;
        }
    }

    private static void DamageArray(JsonArray items, string mark, Random random)
    {
        int index = items.Count == 0 ? -1 : random.Next(items.Count);
        switch (random.Next(3))
        {
            case 0 when index >= 0:
                items.RemoveAt(index);
                break;
            case 1 when index >= 0:
                items[index] = mark;
                break;
            default:
                items.Add(mark);
                break;
        }
    }

    private static IEnumerable<JsonNode> Containers(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Containers(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Containers).Prepend(items),
        _ => [],
    };
}
