using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Redirect;

/// <summary><c>redirect</c>: sends clients elsewhere.</summary>
internal sealed class RedirectKind : PluginKind<RedirectConfig>
{
    /// <inheritdoc/>
    public override string Name => "redirect";

    /// <inheritdoc/>
    public override int Priority => 900;

    /// <inheritdoc/>
    protected override RedirectConfig? ReadConfig(ObjectReader reader)
    {
        SchemaRules.RequireOneOf(reader, "uri", "regex_uri", "http_to_https");
        var config = new RedirectConfig
        {
            RetCode = reader.Integer("ret_code", 200, 599) ?? 302,
            Uri = reader.Text("uri", 2),
            RegexUri = new EquatableArray<string>(reader.Items<string>("regex_uri", 2, unique: false, ItemReaders.Text) ?? []),
            HttpToHttps = reader.Flag("http_to_https") ?? false,
            EncodeUri = reader.Flag("encode_uri") ?? false,
            AppendQueryString = reader.Flag("append_query_string") ?? false,
        };
        reader.ForbidOthers();
        if (config.RegexUri.Count > 2)
            reader.Findings.Schema(reader.At.Property("regex_uri"), "expect array to have at most 2 items");
        else if (config.RegexUri.Count == 2 && Substitution.Create(config.RegexUri[0], config.RegexUri[1], out string? error) is null)
            SchemaRules.Refuse(reader, $"invalid regex_uri ({config.RegexUri[0]}, {config.RegexUri[1]}), err:{error}");
        if (config.HttpToHttps && config.AppendQueryString)
            SchemaRules.Refuse(reader, "only one of `http_to_https` and `append_query_string` can be configured.");
        if (config.Uri is not null)
            SchemaRules.WarnUnknownVariables(reader, "uri", TemplateParser.Location(config.Uri));
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(RedirectConfig config, PluginServices services) => new RedirectPlugin(config, services.HttpsPort);
}
