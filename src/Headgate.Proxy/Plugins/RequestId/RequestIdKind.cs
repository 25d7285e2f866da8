using System.Collections.Immutable;
using System.Text;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.RequestId;

/// <summary><c>request-id</c>: gives each request that has none an id.</summary>
internal sealed class RequestIdKind : PluginKind<RequestIdConfig>
{
    private static readonly ImmutableArray<string> Algorithms = ["uuid", "uuidv7", "nanoid", "range_id"];

    /// <inheritdoc/>
    public override string Name => "request-id";

    /// <inheritdoc/>
    public override int Priority => 12015;

    /// <inheritdoc/>
    protected override RequestIdConfig? ReadConfig(ObjectReader reader)
    {
        var config = new RequestIdConfig();
        string? algorithm = reader.Choice("algorithm", Algorithms);
        ObjectReader? range = reader.Object("range_id");
        config = config with
        {
            HeaderName = reader.Text("header_name", 1, 256) ?? config.HeaderName,
            IsInResponse = reader.Flag("include_in_response") ?? config.IsInResponse,
            Algorithm = algorithm is null ? config.Algorithm : (RequestIdAlgorithm)Algorithms.IndexOf(algorithm),
            RangeLength = range?.Integer("length", 6, 256) ?? config.RangeLength,
            RangeCharacters = range?.Text("char_set", 6, 256) ?? config.RangeCharacters,
        };
        range?.ForbidOthers();
        reader.ForbidOthers();
        if (!HeaderTexts.IsToken(config.HeaderName) || RequestEdits.IsGateways(Encoding.ASCII.GetBytes(config.HeaderName)))
            reader.Findings.Add(Phase.Own, reader.At.Property("header_name"), $"{reader.At.Property("header_name").Path}: {config.HeaderName} cannot be set; allowed: a header name that the gateway does not write itself");
        if (config.RangeCharacters.Any(static c => c is <= ' ' or > '~'))
            reader.Findings.Add(Phase.Own, reader.At.Property("range_id").Property("char_set"), $"{reader.At.Property("range_id").Property("char_set").Path} has a character that a header field cannot have; allowed: visible ASCII");
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(RequestIdConfig config, PluginServices services) => new RequestIdPlugin(config, services.Time);
}
