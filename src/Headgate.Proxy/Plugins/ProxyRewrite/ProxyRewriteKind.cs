using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ProxyRewrite;

/// <summary><c>proxy-rewrite</c>: changes what the node gets.</summary>
internal sealed partial class ProxyRewriteKind : PluginKind<ProxyRewriteConfig>
{
    private const string HostPattern = @"^[0-9a-zA-Z-.]+(:\d{1,5})?$";

    // HEAD is not among them: the answer's body is bounded by the method that the client has sent.
    private static readonly ImmutableArray<string> Methods =
        ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "MKCOL", "COPY", "MOVE", "PROPFIND", "LOCK", "UNLOCK", "TRACE"];

    /// <inheritdoc/>
    public override string Name => "proxy-rewrite";

    /// <inheritdoc/>
    public override int Priority => 1008;

    /// <inheritdoc/>
    protected override ProxyRewriteConfig? ReadConfig(ObjectReader reader)
    {
        if (!((string[])["uri", "regex_uri", "host", "method", "headers", "use_real_request_uri_unsafe"]).Any(reader.Has))
            reader.Findings.Schema(reader.At, "expect object to have at least 1 properties");
        var config = new ProxyRewriteConfig
        {
            Uri = reader.Text("uri", 1, 4096),
            RegexUri = new EquatableArray<string>(reader.Items<string>("regex_uri", 2, unique: false, ItemReaders.Text) ?? []),
            Host = reader.Text("host"),
            Method = reader.Choice("method", Methods),
            UsesRealRequestUri = reader.Flag("use_real_request_uri_unsafe") ?? false,
        };
        config = RequestHeadersReader.Read(reader, config);
        reader.ForbidOthers();
        if (config.Uri is not null && config.Uri[0] != '/')
            JsonValues.MatchesNot(@"^\/.*", config.Uri, reader.At.Property("uri"), reader.Findings);
        if (config.Host is not null && !HostForm().IsMatch(config.Host))
            JsonValues.MatchesNot(HostPattern, config.Host, reader.At.Property("host"), reader.Findings);
        if (config.Uri is not null)
            SchemaRules.WarnUnknownVariables(reader, "uri", TemplateParser.Value(config.Uri));
        CheckPairs(reader, config.RegexUri);
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(ProxyRewriteConfig config, PluginServices services) => new ProxyRewritePlugin(config);

    private static void CheckPairs(ObjectReader reader, EquatableArray<string> pairs)
    {
        if (pairs.Count % 2 != 0)
        {
            SchemaRules.Refuse(reader, "The length of regex_uri should be an even number");
            return;
        }

        for (int i = 0; i < pairs.Count; i += 2)
        {
            if (Substitution.Create(pairs[i], pairs[i + 1], out string? error) is null)
                SchemaRules.Refuse(reader, $"invalid regex_uri({pairs[i]}, {pairs[i + 1]}): {error}");
        }
    }

    [GeneratedRegex(@"\A[0-9a-zA-Z-.]+(:[0-9]{1,5})?\z")]
    private static partial Regex HostForm();
}
