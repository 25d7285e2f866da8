using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.HmacAuth;

/// <summary><c>hmac-auth</c>: finds the consumer by a signature of the request.</summary>
internal sealed class HmacAuthKind : AuthenticationKind<HmacAuthConfig, HmacAuthCredential>, IIdentifyingKind
{
    /// <inheritdoc/>
    public override string Name => "hmac-auth";

    /// <inheritdoc/>
    public override int Priority => 2530;

    /// <inheritdoc/>
    public override string ConsumerKey => "key_id";

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields => ["secret_key"];

    /// <summary>Names of all algorithms.</summary>
    internal static ImmutableArray<string> Algorithms { get; } = ["hmac-sha1", "hmac-sha256", "hmac-sha512"];

    /// <inheritdoc/>
    protected override HmacAuthConfig? ReadConfig(ObjectReader reader)
    {
        var defaults = new HmacAuthConfig { Realm = "hmac" };
        bool checksBody = reader.Flag("validate_request_body") ?? false;
        int? bodyBytesMax = SchemaRules.BodyBytesMax(reader, reads: checksBody, "validate_request_body false");
        var config = new HmacAuthConfig
        {
            AllowedAlgorithms = reader.Items<string>("allowed_algorithms", 1, unique: false, ReadAlgorithm) is { } allowed ? new(allowed) : defaults.AllowedAlgorithms,
            ClockSkewSeconds = reader.Integer("clock_skew", 1) ?? defaults.ClockSkewSeconds,
            SignedHeaders = reader.Items<string>("signed_headers", 0, unique: false, ReadHeader) is { } signed ? new(signed) : defaults.SignedHeaders,
            DigestedBytesMax = bodyBytesMax,
            Realm = AuthenticationReader.Realm(reader, defaults.Realm),
            HidesCredentials = AuthenticationReader.HidesCredentials(reader),
            AnonymousConsumer = AuthenticationReader.AnonymousConsumer(reader),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override HmacAuthCredential? ReadConsumer(ObjectReader reader)
    {
        reader.Require("key_id");
        reader.Require("secret_key");
        string? keyId = reader.Text("key_id", 1, 256);
        string? secretKey = reader.Text("secret_key", 1, 256);
        reader.ForbidOthers();
        return keyId is null || secretKey is null ? null : new HmacAuthCredential(keyId, [.. Encoding.UTF8.GetBytes(secretKey)]);
    }

    /// <inheritdoc/>
    protected override string KeyOf(HmacAuthCredential credential) => credential.KeyId;

    /// <inheritdoc/>
    protected override Plugin Make(HmacAuthConfig config, PluginServices services) => new HmacAuthPlugin(config, this, services.Time);

    private static bool ReadAlgorithm(JsonElement value, Location at, Findings findings, out string item)
    {
        string? read = JsonValues.Choice(value, at, findings, Algorithms);
        item = read ?? "";
        return read is not null;
    }

    private static bool ReadHeader(JsonElement value, Location at, Findings findings, out string item)
    {
        string? read = JsonValues.Text(value, at, findings, 1, 50);
        item = read ?? "";
        return read is not null;
    }
}
