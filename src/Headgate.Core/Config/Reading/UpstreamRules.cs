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
        CheckHashFallback(reader, config);
        CheckHashBalance(reader, config);
        RetryReader.Check(reader, config);
        HedgingReader.Check(reader, config);
        OutlierDetectionRules.Check(reader, config);
        CheckPanic(reader, config);
        RequestLimitsReader.Check(reader, config);
        ZoneAwareReader.CheckEffect(reader, config);
        SubsetReader.CheckEffect(reader, config);
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

        CheckPattern(reader, "key", key, "hash_on", config.HashOn);
    }

    private static void CheckHashFallback(ObjectReader reader, UpstreamConfig config)
    {
        Location at = reader.At.Property("hash_fallback"), keyAt = reader.At.Property("hash_fallback_key");
        if (!LoadBalancingTypes.Hashes(config.Type))
        {
            RefuseUnused(reader, "hash_fallback", $"while {reader.At.Property("type").Path} is {config.Type}; it acts with chash and maglev");
            RefuseUnused(reader, "hash_fallback_key", $"while {reader.At.Property("type").Path} is {config.Type}; it acts with chash and maglev");
            return;
        }

        if (!reader.Has("hash_fallback"))
            RefuseUnused(reader, "hash_fallback_key", $"without {at.Path}");
        if (config.HashFallback is not { } source)
            return;
        if (config.HashFallbackKey is not { } key)
        {
            if (!reader.Has("hash_fallback_key"))
                reader.Findings.Add(Phase.Own, keyAt, $"{keyAt.Path} is missing ({at.Path} {source} needs one)");
            return;
        }

        CheckPattern(reader, "hash_fallback_key", key, "hash_fallback", source);
        if (source == config.HashOn && key == config.Key)
            reader.Findings.Add(Phase.Own, at, $"{at.Path} has no effect: it is what is hashed already");
    }

    private static void CheckPattern(ObjectReader reader, string keyName, string key, string sourceName, string source)
    {
        string? pattern = source switch
        {
            "vars" when !HashVariable().IsMatch(key) => HashVariablePattern,
            "header" or "cookie" when !HashField().IsMatch(key) => HashFieldPattern,
            _ => null,
        };
        if (pattern is null)
            return;
        Location at = reader.At.Property(keyName);
        reader.Findings.Add(Phase.Check, at, $"invalid configuration: failed to match pattern {LuaText.Quote(pattern)} with {LuaText.Quote(key)}"
            + $" ({at.Path} with {sourceName} {source})");
    }

    private static void RefuseUnused(ObjectReader reader, string name, string reason)
    {
        Location at = reader.At.Property(name);
        if (reader.Has(name))
            reader.Findings.Add(Phase.Own, at, $"{at.Path} has no effect {reason}");
    }

    private static void CheckHashBalance(ObjectReader reader, UpstreamConfig config)
    {
        if (config.HashBalanceFactor is null || LoadBalancingTypes.Hashes(config.Type))
            return;
        Location at = reader.At.Property("hash_balance_factor");
        reader.Findings.Add(Phase.Check, at, $"{at.Path} has no effect while {reader.At.Property("type").Path} is {config.Type}; it acts with chash and maglev");
    }

    /// <summary>Only checks and outlier detection leave nodes out that panic would use again.</summary>
    private static void CheckPanic(ObjectReader reader, UpstreamConfig config)
    {
        if (reader.Has("checks") || reader.Has("outlier_detection"))
            return;
        Refuse("panic_threshold", config.PanicThreshold > 0);
        Refuse("fail_traffic_on_panic", config.FailTrafficOnPanic);

        void Refuse(string name, bool isOn)
        {
            Location at = reader.At.Property(name);
            if (isOn)
                reader.Findings.Add(Phase.Own, at, $"{at.Path} has no effect without checks or outlier_detection: nothing else finds nodes unusable");
        }
    }

    private static void NoteWithoutEffect(ObjectReader reader, UpstreamConfig config)
    {
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
