using System.Globalization;
using System.Text.RegularExpressions;

namespace Headgate.Core.Config.Reading;

/// <summary>What holds between the fields of an upstream (schema.md U2, U3, U5), in APISIX's order, and notes on fields without effect.</summary>
internal static partial class UpstreamRules
{
    private const string HashVariablePattern =
        "^((uri|server_name|server_addr|request_uri|remote_port|remote_addr|query_string|host|hostname|mqtt_client_id)|arg_[0-9a-zA-z_-]+)$";

    private const string HashFieldPattern = "^[a-zA-Z0-9-_]+$";

    public static void Check(ObjectReader reader, UpstreamConfig config)
    {
        if (config.PassHost == PassHost.Rewrite && string.IsNullOrEmpty(config.UpstreamHost) && !reader.Has("upstream_host"))
            reader.Findings.Add(Phase.Check, reader.At.Property("upstream_host"), "`upstream_host` can't be empty when `pass_host` is `rewrite`");

        UpstreamTlsReader.CheckCertificates(reader, config.Tls);
        CheckHashKey(reader, config);
        CheckHashBalance(reader, config);
        RetryReader.Check(reader, config);
        NoteWithoutEffect(reader, config);
    }

    private static void CheckHashKey(ObjectReader reader, UpstreamConfig config)
    {
        if (!LoadBalancingTypes.Hashes(config.Type) || config.HashOn == "consumer")
            return;

        Location at = reader.At.Property("key");
        if (config.Key is not { } key)
        {
            if (!reader.Has("key"))
                reader.Findings.Add(Phase.Check, at, $"missing key (type {config.Type} with hash_on {config.HashOn} needs one)");
            return;
        }

        string? pattern = config.HashOn switch
        {
            "vars" when !HashVariable().IsMatch(key) => HashVariablePattern,
            "header" or "cookie" when !HashField().IsMatch(key) => HashFieldPattern,
            _ => null,
        };
        if (pattern is not null)
        {
            reader.Findings.Add(Phase.Check, at, $"invalid configuration: failed to match pattern {LuaText.Quote(pattern)} with {LuaText.Quote(key)}"
                + $" ({at.Path} with hash_on {config.HashOn})");
        }
    }

    private static void CheckHashBalance(ObjectReader reader, UpstreamConfig config)
    {
        if (config.HashBalanceFactor is null || LoadBalancingTypes.Hashes(config.Type))
            return;
        Location at = reader.At.Property("hash_balance_factor");
        reader.Findings.Add(Phase.Check, at, $"{at.Path} has no effect while {reader.At.Property("type").Path} is {config.Type}; it acts with chash and maglev");
    }

    private static void NoteWithoutEffect(ObjectReader reader, UpstreamConfig config)
    {
        foreach (string name in (ReadOnlySpan<string>)["service_name", "discovery_type", "discovery_args"])
        {
            if (reader.Has(name))
                reader.Findings.WarnNoEffectYet(reader.At.Property(name));
        }

        if (config.Tls?.ClientCertId is not null)
            reader.Findings.WarnNoEffectYet(reader.At.Property("tls").Property("client_cert_id"));

        if (config.Scheme is not (UpstreamScheme.Http or UpstreamScheme.Https))
        {
            Location at = reader.At.Property("scheme");
            string scheme = config.Scheme.ToString().ToLowerInvariant();
            reader.Findings.Warn(at, $"{at.Path} {scheme} has no effect here yet: requests are answered 503");
        }

        if (!LoadBalancingTypes.Hashes(config.Type))
        {
            Unused(reader, "hash_on", $"while {reader.At.Property("type").Path} is {config.Type}");
            Unused(reader, "key", $"while {reader.At.Property("type").Path} is {config.Type}");
        }

        if (config.PassHost != PassHost.Rewrite)
            Unused(reader, "upstream_host", $"while {reader.At.Property("pass_host").Path} is {config.PassHost.ToString().ToLower(CultureInfo.InvariantCulture)}");
    }

    private static void Unused(ObjectReader reader, string name, string reason)
    {
        Location at = reader.At.Property(name);
        if (reader.Has(name))
            reader.Findings.Warn(at, $"{at.Path} has no effect {reason}");
    }

    [GeneratedRegex(@"^((uri|server_name|server_addr|request_uri|remote_port|remote_addr|query_string|host|hostname|mqtt_client_id)|arg_[0-9a-zA-z_-]+)\z")]
    private static partial Regex HashVariable();

    [GeneratedRegex(@"^[a-zA-Z0-9\-_]+\z")]
    private static partial Regex HashField();
}
