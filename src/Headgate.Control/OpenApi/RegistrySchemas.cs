using Headgate.Core.Config.Registries;

namespace Headgate.Control.OpenApi;

/// <summary>Schemas of service registry connections, of what is known of them and of what they say; docs/reference/service-registry.md tells of each.</summary>
internal static class RegistrySchemas
{
    private const string Text = """{"type":"string"}""";
    private const string Texts = """{"type":"array","items":{"type":"string"}}""";
    private const string TextsByName = """{"type":"object","additionalProperties":{"type":"string"}}""";
    private const string Flag = """{"type":"boolean"}""";
    private const string Number = """{"type":"integer"}""";
    private const string Milliseconds = """{"type":"integer","minimum":1,"description":"milliseconds"}""";
    private const string Seconds = """{"type":"integer","minimum":1,"description":"seconds"}""";
    private const string Time = """{"type":"number","description":"Unix seconds"}""";
    private const string Status = """{"enum":["connecting","healthy","lost_connection"]}""";
    private const string Instances = """{"type":"array","items":{"$ref":"#/components/schemas/service_instance"}}""";

    private static readonly string Login = Object("username,password", ("username", Text), ("password", Text));
    private static readonly string DefaultInstance = Object("host", ("host", Text), ("port", Number));

    private static readonly (string, string)[] Consul =
    [
        ("servers", Texts), ("token", Text), ("timeout", Object("", ("connect", Milliseconds), ("read", Milliseconds), ("wait", Seconds))), ("keepalive", Flag), ("fetch_interval", Seconds), ("weight", Number),
        ("datacenter", Text), ("default_service", DefaultInstance), ("tls", Object("", ("verify", Flag), ("ca_certs", Texts))), ("dump", "{}"),
    ];

    private static readonly (string, string)[] Polled =
    [
        ("host", Texts), ("hosts", Texts), ("prefix", Text), ("fetch_interval", Seconds), ("weight", Number), ("default_weight", Number),
        ("timeout", Object("", ("connect", Milliseconds), ("send", Milliseconds), ("read", Milliseconds))), ("ssl_verify", Flag), ("ca_certs", Texts),
    ];

    /// <summary>All of them, by name.</summary>
    public static (string Name, string Schema)[] All { get; } = [.. Configs(), .. Connections(), .. Services()];

    private static IEnumerable<(string, string)> Configs()
    {
        yield return ("consul_config", Object("servers", [.. Consul, ("skip_services", Texts), ("sort_type", Text), ("shared_size", "{}")]));
        yield return ("consul_kv_config", Object("servers", [.. Consul, ("prefix", Text), ("skip_keys", Texts), ("default_server", DefaultInstance)]));
        yield return ("dns_config", Object("", ("servers", Texts), ("resolv_conf", Text), ("order", """{"type":"array","items":{"enum":["last","SRV","A","AAAA","CNAME"]}}""")));
        yield return ("eureka_config", Object("", [.. Polled, ("auth", Login)]));
        yield return ("file_config", Object("path", ("path", Text), ("default_weight", Number)));
        yield return ("http_config", Object(
            "url", ("url", Text), ("fetch_interval", Seconds), ("timeout", """{"type":"number","description":"seconds"}"""), ("default_weight", Number), ("headers", TextsByName), ("auth", Login),
            ("ssl_verify", Flag), ("ca_certs", Texts)));
        yield return ("kubernetes_cluster", Object(
            "", ("id", Text),
            ("service", Object("", ("schema", """{"enum":["http","https"]}"""), ("host", Text), ("port", """{"type":["string","integer"]}"""), ("ssl_verify", Flag), ("ca_file", Text))),
            ("client", Object("", ("token", Text), ("token_file", Text))),
            ("namespace_selector", Object("", ("equal", Text), ("not_equal", Text), ("match", Texts), ("not_match", Texts))),
            ("label_selector", Text), ("default_weight", Number), ("watch_endpoint_slices", Flag), ("shared_size", "{}")));
        yield return ("kubernetes_config", """{"oneOf":[{"$ref":"#/components/schemas/kubernetes_cluster"},{"type":"array","items":{"$ref":"#/components/schemas/kubernetes_cluster"}}]}""");
        yield return ("nacos_config", Object(
            "", [.. Polled, ("api_version", """{"enum":["v1","v2","v3"]}"""), ("access_key", Text), ("secret_key", Text),
            ("auth", Object("", ("username", Text), ("password", Text), ("token", Text), ("access_key", Text), ("secret_key", Text)))]));
    }

    private static IEnumerable<(string, string)> Connections()
    {
        (string Name, string Schema)[] status = [("status", Status), ("status_reason", Text), ("status_since", Time), ("last_connect_time", Time)];
        yield return ("service_registry", Object(
            "type", [("id", Text), ("name", """{"type":"string","minLength":1,"maxLength":1024}"""), ("desc", Text), ("type", $$"""{"enum":["{{string.Join("\",\"", RegistryTypes.All)}}"]}"""),
            ("health_check", Object("", ("probe_interval", Seconds), ("probe_timeout", Seconds))), ("create_time", Given(Number)), ("update_time", Given(Number)),
            ("source", Given("""{"enum":["store","config.yaml"]}""")), .. status.Select(static one => (one.Name, Given(one.Schema))),
            .. RegistryTypes.All.Select(static type => ($"{type}_config", $$"""{"$ref":"#/components/schemas/{{type}}_config"}"""))]));
        yield return ("registry_status", Object("status,answers,failures,changes", [.. status, ("answers", Number), ("failures", Number), ("changes", Number)]));
        yield return ("registry_test", Object(
            "status,took_ms", ("status", """{"enum":["healthy","lost_connection"]}"""), ("status_reason", Text), ("services", """{"type":"integer","description":"how many it has"}"""),
            ("services_reason", """{"type":"string","description":"why it does not say how many"}"""), ("took_ms", Number)));
        yield return ("registry_change", Object("hostname,status,connect_time", ("hostname", Text), ("status", Status), ("status_reason", Text), ("connect_time", Time)));
        yield return ("registry_user", Object("key", ("key", Text), ("kind", Text), ("id", Text), ("workspace_id", Text), ("upstream_name", Text), ("service_name", Text)));
    }

    private static IEnumerable<(string, string)> Services()
    {
        yield return ("service_name", Text);
        yield return ("service_instance", Object(
            "host,weight", ("host", Text), ("port", """{"type":"integer","description":"none = the standard one of the upstream's scheme"}"""), ("weight", Number), ("priority", Number), ("metadata", TextsByName),
            ("held", """{"type":"boolean","description":"the registry no longer tells of it"}""")));
        yield return ("service_instances", Object("list,total", ("list", Instances), ("total", Number), ("problems", Texts)));
        yield return ("followed_service", Object(
            "registry,discovery_type,service_name,followers,known,remembered,instance_count", ("registry", Text), ("discovery_type", Text), ("service_registry_id", Text), ("service_name", Text),
            ("discovery_args", Object("", ("namespace_id", Text), ("group_name", Text), ("datacenter", Text), ("tags", Texts), ("metadata", TextsByName))), ("followers", Number), ("known", Flag), ("remembered", Flag),
            ("instance_count", Number), ("answered_at", Time), ("age", """{"type":"number","description":"seconds"}"""), ("changed_at", Time), ("failure", Text), ("failed_at", Time), ("problems", Texts),
            ("held", Object("missing,since,until", ("missing", Number), ("since", Time), ("until", Time))), ("instances", Instances)));
        yield return ("release_order", Object("registry,service_name", ("registry", Text), ("service_name", Text)));
        yield return ("released", Object("released_services,released_instances", ("released_services", Number), ("released_instances", Number)));
    }

    /// <summary>The schema of a member that the server alone writes.</summary>
    private static string Given(string schema) => schema[..^1] + ",\"readOnly\":true}";

    /// <summary>The schema of an object with members of these schemas. <paramref name="required"/>: names of those that it must have, between commas.</summary>
    private static string Object(string required, params (string Name, string Schema)[] members)
    {
        string needs = required.Length == 0 ? "" : $"\"required\":[\"{required.Replace(",", "\",\"", StringComparison.Ordinal)}\"],";
        return $$"""{"type":"object",{{needs}}"properties":{""" + string.Join(',', members.Select(static member => $"\"{member.Name}\":{member.Schema}")) + "}}";
    }
}
