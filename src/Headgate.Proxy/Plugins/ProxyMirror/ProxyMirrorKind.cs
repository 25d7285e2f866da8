using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Calls;
using Headgate.Proxy.Http1;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary><c>proxy-mirror</c>: sends copies of requests to another server as well.</summary>
internal sealed partial class ProxyMirrorKind : PluginKind<ProxyMirrorConfig>
{
    private const double RatioMin = 0.00001;

    private static readonly ImmutableArray<string> Modes = ["replace", "prefix"];

    // As nginx's for APISIX's mirrors: servers' certificates are not verified.
    private static readonly CallTerms Terms = new(VerifiesTls: false, KeepsAlive: true, TimeSpan.FromSeconds(60));

    /// <inheritdoc/>
    public override string Name => "proxy-mirror";

    /// <inheritdoc/>
    public override int Priority => 1010;

    /// <inheritdoc/>
    protected override ProxyMirrorConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("host");
        string? path = ReadPath(reader);
        string? mode = reader.Choice("path_concat_mode", Modes);
        if (mode is not null && !reader.Has("path"))
            reader.Findings.Warn(reader.At.Property("path_concat_mode"), "path_concat_mode has no effect without path");
        var config = new ProxyMirrorConfig(ReadHost(reader) ?? "http://127.0.0.1")
        {
            Path = path,
            IsPrefix = mode == "prefix",
            SampleRatio = reader.Number("sample_ratio", RatioMin, 1) ?? 1,
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(ProxyMirrorConfig config, PluginServices services)
    {
        ILogger logger = services.Loggers.CreateLogger<MirrorTarget>();
        var target = new MirrorTarget(config.Host, services.Shared(static _ => new CallClients()).Of(Terms), logger);
        MirrorBounds bounds = services.Shared(static services => new MirrorBounds(services.Loggers.CreateLogger<MirrorBounds>(), services.Time));
        return new ProxyMirrorPlugin(config, target, bounds, new Draws(services.Seed));
    }

    private static string? ReadHost(ObjectReader reader)
    {
        if (reader.Text("host") is not { } host)
            return null;
        Location at = reader.At.Property("host");
        if (!HostPattern().IsMatch(host))
            reader.Findings.Schema(at, $"failed to match pattern {LuaText.Quote(HostPattern().ToString())} with {LuaText.Quote(host)}");
        else if (host.StartsWith("grpc", StringComparison.Ordinal))
            reader.Findings.Schema(at, $"the scheme of {LuaText.Quote(host)} is not there: copies are sent by HTTP/1.1; allowed: http, https");
        else if (!Uri.TryCreate(host, UriKind.Absolute, out _))
            reader.Findings.Schema(at, $"{LuaText.Quote(host)} is no URL; allowed: http://host:port, https://host:port");
        else
            return host;
        return null;
    }

    private static string? ReadPath(ObjectReader reader)
    {
        if (reader.Text("path") is not { } path)
            return null;
        if (path.Length >= 2 && path[0] == '/' && path.AsSpan().IndexOfAny('?', '&') < 0 && !Encoding.UTF8.GetBytes(path).AsSpan().ContainsAnyExcept(ByteSets.Target))
            return path;
        reader.Findings.Schema(reader.At.Property("path"), $"failed to match pattern \"^/[^?&]+$\" with {LuaText.Quote(path)}; it is sent as it is, in ASCII without white space and #");
        return null;
    }

    [GeneratedRegex(@"^(http(s)?|grpc(s)?)://([0-9a-zA-Z.-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();
}
