using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary><c>proxy-cache</c>: keeps answers and gives them again. <paramref name="zones"/>: where they may be kept.</summary>
internal sealed class ProxyCacheKind(IReadOnlyList<CacheZoneOptions> zones) : PluginKind<ProxyCacheConfig>
{
    private static readonly ImmutableArray<string> Strategies = ["disk", "memory"];
    private static readonly ImmutableArray<string> AllMethods = ["GET", "POST", "HEAD"];

    // With one of these in the key, users have said themselves who shares answers. $remote_user is APISIX's too, but no request has it here.
    private static readonly string[] Identities = ["$consumer_name", "$consumer_group_id", "$http_authorization"];

    /// <inheritdoc/>
    public override string Name => "proxy-cache";

    /// <inheritdoc/>
    public override int Priority => 1085;

    /// <inheritdoc/>
    protected override ProxyCacheConfig? ReadConfig(ObjectReader reader)
    {
        if ((reader.Choice("cache_strategy", Strategies) ?? "disk") == "disk")
            SchemaRules.Refuse(reader, "cache_strategy: disk, which is the default, is not there: answers are kept in memory only; allowed: memory");
        string zone = reader.Text("cache_zone", 1, 100) ?? "disk_cache_one";
        if (zones.FirstOrDefault(known => known.Name == zone) is not { } options)
            SchemaRules.Refuse(reader, $"cache_zone {zone} not found; allowed: {string.Join(", ", zones.Where(static known => known.Bytes > 0).Select(static known => known.Name))}");
        else if (options.Bytes == 0)
            SchemaRules.Refuse(reader, $"invalid or empty cache_zone for cache_strategy: memory; {zone} is on disk");
        EquatableArray<string> key = Terms(reader, "cache_key") is { Items.Length: > 0 } terms ? terms : new(["$host", "$request_uri"]);
        if (key.Items.Contains("$request_method"))
            SchemaRules.Refuse(reader, "cache_key variable $request_method unsupported");
        var config = new ProxyCacheConfig
        {
            Zone = zone,
            Key = key,
            Bypass = Terms(reader, "cache_bypass"),
            NoCache = Terms(reader, "no_cache"),
            Methods = Methods(reader),
            Statuses = Statuses(reader),
            HidesCacheHeaders = reader.Flag("hide_cache_headers") ?? false,
            HonorsCacheControl = reader.Flag("cache_control") ?? false,
            KeepsSetCookie = reader.Flag("cache_set_cookie") ?? false,
            Ttl = TimeSpan.FromSeconds(reader.Integer("cache_ttl", 1) ?? 300),
            BodyBytesMax = reader.Integer("max_resp_body_size", 1) ?? 67_108_864,
            IsolatesConsumers = (reader.Flag("consumer_isolation") ?? true) && !key.Items.Any(Identities.Contains),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(ProxyCacheConfig config, PluginServices services) =>
        new ProxyCachePlugin(config, services.Shared(static _ => new CacheZones()).Of(zones.First(zone => zone.Name == config.Zone)), services.Time);

    /// <summary>Texts and variables. One that no request has would leave out what keeps answers apart, or never hold: it is refused.</summary>
    private static EquatableArray<string> Terms(ObjectReader reader, string name)
    {
        var terms = new EquatableArray<string>(reader.Items<string>(name, 1, false, ReadTerm) ?? []);
        foreach (string term in terms)
        {
            if (!CacheText.IsTerm(term))
                SchemaRules.Refuse(reader, $"{name}: \"{term}\" is neither a variable ($ and letters, digits, _) nor a text of two characters or more");
            else if (CacheText.UnknownVariable(term) is { } variable)
                SchemaRules.Refuse(reader, $"{name}: no request has the variable {variable} here");
        }

        return terms;
    }

    private static EquatableArray<string> Methods(ObjectReader reader)
    {
        ImmutableArray<string> methods = reader.Items<string>("cache_method", 1, true, ReadMethod) ?? ["GET", "HEAD"];
        Location at = reader.At.Property("cache_method");
        if (!methods.Contains("GET") && methods.Contains("HEAD"))
            reader.Findings.Warn(at, $"{at.Path}: HEAD has no effect without GET: it is answered from what GET has kept");
        if (methods.Contains("POST"))
            reader.Findings.Warn(at, $"{at.Path}: POST requests that differ only in their bodies get the same answer: the body is no part of the key");
        return new(methods);
    }

    private static EquatableArray<int> Statuses(ObjectReader reader)
    {
        ImmutableArray<int> statuses = reader.Items<int>("cache_http_status", 1, true, ReadStatus) ?? [200, 301, 404];
        Location at = reader.At.Property("cache_http_status");
        if (statuses.Contains(206) || statuses.Contains(304))
            reader.Findings.Warn(at, $"{at.Path}: 206 and 304 have no effect: such answers are no whole ones");
        return new(statuses);
    }

    private static bool ReadTerm(JsonElement value, Location at, Findings findings, out string item) => Read(JsonValues.Text(value, at, findings, 1, 4096), out item);

    private static bool ReadMethod(JsonElement value, Location at, Findings findings, out string item) => Read(JsonValues.Choice(value, at, findings, AllMethods), out item);

    private static bool ReadStatus(JsonElement value, Location at, Findings findings, out int item)
    {
        int? read = JsonValues.Integer(value, at, findings, 200, 599);
        item = read ?? 0;
        return read is not null;
    }

    private static bool Read(string? read, out string item)
    {
        item = read ?? "";
        return read is not null;
    }
}
