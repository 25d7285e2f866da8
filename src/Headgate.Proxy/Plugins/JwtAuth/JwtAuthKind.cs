using System.Collections.Immutable;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.JwtAuth;

/// <summary><c>jwt-auth</c>: finds the consumer by a signed token (RFC 7519).</summary>
internal sealed class JwtAuthKind : AuthenticationKind<JwtAuthConfig, JwtAuthCredential>, IIdentifyingKind
{
    private static readonly ImmutableArray<string> Times = ["exp", "nbf"];

    /// <inheritdoc/>
    public override string Name => "jwt-auth";

    /// <inheritdoc/>
    public override int Priority => 2510;

    /// <inheritdoc/>
    public override string ConsumerKey => "key";

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields => ["secret"];

    /// <inheritdoc/>
    protected override JwtAuthConfig? ReadConfig(ObjectReader reader)
    {
        if (reader.Flag("store_in_ctx") == true)
            reader.Findings.Warn(reader.At.Property("store_in_ctx"), "store_in_ctx has no effect here: no plugin reads what tokens say from the request");
        var config = new JwtAuthConfig
        {
            Header = SchemaRules.FieldName(reader, "header") ?? "authorization",
            Query = reader.Text("query", 1) ?? "jwt",
            Cookie = SchemaRules.FieldName(reader, "cookie") ?? "jwt",
            KeyClaimName = reader.Text("key_claim_name", 1) ?? "key",
            Lifetime = ReadLifetime(reader),
            Realm = AuthenticationReader.Realm(reader, "jwt"),
            HidesCredentials = AuthenticationReader.HidesCredentials(reader),
            AnonymousConsumer = AuthenticationReader.AnonymousConsumer(reader),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override JwtAuthCredential? ReadConsumer(ObjectReader reader)
    {
        reader.Require("key");
        string? key = reader.Text("key", 1);
        JwtKey? verifier = JwtCredentialReader.ReadKey(reader);
        int grace = reader.Integer("lifetime_grace_period", 0) ?? 0;
        if (reader.Integer("exp", 1) is not null)
            reader.Findings.Warn(reader.At.Property("exp"), "exp has no effect here: the gateway makes no tokens");
        reader.ForbidOthers();
        return key is null || verifier is null ? null : new JwtAuthCredential(key, verifier, grace);
    }

    /// <inheritdoc/>
    protected override string KeyOf(JwtAuthCredential credential) => credential.Key;

    /// <inheritdoc/>
    protected override Plugin Make(JwtAuthConfig config, PluginServices services) => new JwtAuthPlugin(config, this, services.Time);

    /// <summary>As APISIX: both count if they are there; where claims are listed, the listed must be there and the other counts for nothing.</summary>
    private static JwtLifetime ReadLifetime(ObjectReader reader)
    {
        ImmutableArray<string> listed = reader.Items<string>("claims_to_verify", 0, unique: true, ReadTime) ?? [];
        return new JwtLifetime(RuleOf(listed, "exp"), RuleOf(listed, "nbf"));
    }

    private static JwtTimeRule RuleOf(ImmutableArray<string> listed, string claim)
    {
        if (listed.IsEmpty)
            return JwtTimeRule.IfPresent;
        return listed.Contains(claim) ? JwtTimeRule.Required : JwtTimeRule.Ignored;
    }

    private static bool ReadTime(System.Text.Json.JsonElement value, Location at, Findings findings, out string item)
    {
        string? read = JsonValues.Choice(value, at, findings, Times);
        item = read ?? "";
        return read is not null;
    }
}
