using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.Cors;

/// <summary><c>cors</c>: says which pages of other origins may read answers.</summary>
internal sealed partial class CorsKind : PluginKind<CorsConfig>
{
    private const string OriginsPattern = @"^(\*|\*\*|null|\w+://[^,]+(,\w+://[^,]+)*)$";

    /// <inheritdoc/>
    public override string Name => "cors";

    /// <inheritdoc/>
    public override int Priority => 4000;

    /// <inheritdoc/>
    protected override CorsConfig? ReadConfig(ObjectReader reader)
    {
        var defaults = new CorsConfig();
        var config = new CorsConfig
        {
            AllowOrigins = ReadOrigins(reader, "allow_origins") ?? defaults.AllowOrigins,
            AllowMethods = ReadValue(reader, "allow_methods") ?? defaults.AllowMethods,
            AllowHeaders = ReadValue(reader, "allow_headers") ?? defaults.AllowHeaders,
            ExposeHeaders = ReadValue(reader, "expose_headers") ?? defaults.ExposeHeaders,
            MaxAge = reader.Integer("max_age") ?? defaults.MaxAge,
            AllowCredential = reader.Flag("allow_credential") ?? defaults.AllowCredential,
            AllowOriginsByRegex = SchemaRules.Patterns(reader, "allow_origins_by_regex", unique: true),
            TimingAllowOrigins = ReadOrigins(reader, "timing_allow_origins"),
            TimingAllowOriginsByRegex = SchemaRules.Patterns(reader, "timing_allow_origins_by_regex", unique: true),
        };
        if (reader.TryGet("allow_origins_by_metadata", out JsonElement _))
            SchemaRules.Refuse(reader, "allow_origins_by_metadata is not supported here; write the origins into allow_origins");
        reader.ForbidOthers();
        if (config.AllowCredential && (config.AllowOrigins == "*" || config.AllowMethods == "*" || config.AllowHeaders == "*" || config.ExposeHeaders == "*" || config.TimingAllowOrigins == "*"))
            SchemaRules.Refuse(reader, "you can not set '*' for other option when 'allow_credential' is true");
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(CorsConfig config, PluginServices services) => new CorsPlugin(config);

    private static string? ReadOrigins(ObjectReader reader, string name)
    {
        string? origins = ReadValue(reader, name);
        if (origins is not null && !Origins().IsMatch(origins))
            JsonValues.MatchesNot(OriginsPattern, origins, reader.At.Property(name), reader.Findings);
        return origins;
    }

    private static string? ReadValue(ObjectReader reader, string name)
    {
        string? value = reader.Text(name);
        if (value is not null && !HeaderTexts.IsValue(value))
            reader.Findings.Add(Phase.Own, reader.At.Property(name), $"{reader.At.Property(name).Path} has a control character or white space around it, which a header field cannot have");
        return value;
    }

    [GeneratedRegex(OriginsPattern)]
    private static partial Regex Origins();
}
