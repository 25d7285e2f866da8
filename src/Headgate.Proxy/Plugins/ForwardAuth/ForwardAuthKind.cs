using System.Collections.Immutable;
using System.Net.Http;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.AnswerFields;
using Headgate.Proxy.Calls;
using Headgate.Proxy.Plugins.ProxyRewrite;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.ForwardAuth;

/// <summary><c>forward-auth</c>: asks a server of the user's own whether a request may pass.</summary>
internal sealed class ForwardAuthKind : PluginKind<ForwardAuthConfig>
{
    private static readonly ImmutableArray<string> Methods = ["GET", "POST"];

    /// <inheritdoc/>
    public override string Name => "forward-auth";

    /// <inheritdoc/>
    public override int Priority => 2002;

    /// <inheritdoc/>
    protected override ForwardAuthConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("uri");
        Uri? uri = SchemaRules.HttpUrl(reader, "uri");
        bool posts = reader.Choice("request_method", Methods) == "POST";
        bool? keepsAlive = reader.Flag("keepalive");
        int? idleMs = reader.Integer("keepalive_timeout", 1000);
        if (keepsAlive == false && idleMs is not null)
            SchemaRules.Refuse(reader, "keepalive_timeout has no effect with keepalive false; allowed: without it, or keepalive true");
        Location pool = reader.At.Property("keepalive_pool");
        if (reader.Integer("keepalive_pool", 1) is not null)
            reader.Findings.Warn(pool, $"{pool.Path} has no effect here: as many connections are kept as were needed at once");
        bool? verifiesTls = reader.Flag("ssl_verify");
        if (uri?.Scheme == "http" && verifiesTls is not null)
            SchemaRules.Refuse(reader, "ssl_verify has no effect with an http URL; allowed: without it, or an https URL");
        var config = new ForwardAuthConfig
        {
            Uri = uri ?? new Uri("http://127.0.0.1/"),
            AllowsDegradation = reader.Flag("allow_degradation") ?? false,
            StatusOnError = reader.Integer("status_on_error", 200, 599) ?? 403,
            PostedBytesMax = SchemaRules.BodyBytesMax(reader, posts, "request_method GET"),
            VerifiesTls = verifiesTls ?? true,
            RequestHeaders = new EquatableArray<string>(reader.Items<string>("request_headers", 0, unique: false, RequestHeadersReader.ReadName) ?? []),
            ExtraHeaders = reader.TryGet("extra_headers", out JsonElement extra)
                ? RequestHeadersReader.ReadFields(extra, reader.At.Property("extra_headers"), reader.Findings, takesLists: false)
                : [],
            UpstreamHeaders = new EquatableArray<string>(reader.Items<string>("upstream_headers", 0, unique: false, RequestHeadersReader.ReadName) ?? []),
            ClientHeaders = new EquatableArray<string>(reader.Items<string>("client_headers", 0, unique: false, AnswerFieldReader.Name) ?? []),
            Timeout = TimeSpan.FromMilliseconds(reader.Integer("timeout", 1, 60_000) ?? 3000),
            KeepsAlive = keepsAlive ?? true,
            IdleTimeout = TimeSpan.FromMilliseconds(idleMs ?? 60_000),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(ForwardAuthConfig config, PluginServices services)
    {
        HttpClient client = services.Shared(static _ => new CallClients()).Of(new CallTerms(config.VerifiesTls, config.KeepsAlive, config.IdleTimeout));
        return new ForwardAuthPlugin(config, new AuthorizationServer(config, client, services.Loggers.CreateLogger<AuthorizationServer>()));
    }
}
