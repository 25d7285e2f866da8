using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ApiBreaker;

/// <summary><c>api-breaker</c>: refuses requests for a while when nodes keep failing.</summary>
internal sealed class ApiBreakerKind : PluginKind<ApiBreakerConfig>
{
    /// <inheritdoc/>
    public override string Name => "api-breaker";

    /// <inheritdoc/>
    public override int Priority => 1005;

    /// <inheritdoc/>
    protected override ApiBreakerConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("break_response_code");
        var config = new ApiBreakerConfig
        {
            ResponseCode = reader.Integer("break_response_code", 200, 599) ?? 502,
            ResponseBody = reader.Text("break_response_body"),
            ResponseHeaders = new EquatableArray<HeaderConfig>(reader.Items<HeaderConfig>("break_response_headers", 0, unique: false, ReadHeader) ?? []),
            BreakSecondsMax = reader.Integer("max_breaker_sec", 3) ?? 300,
        };
        if (reader.Object("unhealthy") is { } unhealthy)
        {
            config = config with
            {
                UnhealthyStatuses = Statuses(unhealthy, ReadFailure) ?? config.UnhealthyStatuses,
                Failures = unhealthy.Integer("failures", 1) ?? config.Failures,
            };
            unhealthy.ForbidOthers();
        }

        if (reader.Object("healthy") is { } healthy)
        {
            config = config with
            {
                HealthyStatuses = Statuses(healthy, ReadSuccess) ?? config.HealthyStatuses,
                Successes = healthy.Integer("successes", 1) ?? config.Successes,
            };
            healthy.ForbidOthers();
        }

        Location headers = reader.At.Property("break_response_headers");
        if (config.ResponseBody is null && config.ResponseHeaders.Count > 0)
            reader.Findings.Warn(headers, $"{headers.Path} has no effect without break_response_body");
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(ApiBreakerConfig config, PluginServices services) => new ApiBreakerPlugin(config, services.Time);

    private static StatusSet? Statuses(ObjectReader reader, ItemReader<int> read) =>
        reader.Items("http_statuses", 1, unique: true, read) is { } statuses ? new StatusSet(statuses.AsSpan()) : null;

    private static bool ReadFailure(JsonElement value, Location at, Findings findings, out int item) => ReadStatus(value, at, findings, 500, 599, out item);

    private static bool ReadSuccess(JsonElement value, Location at, Findings findings, out int item) => ReadStatus(value, at, findings, 200, 499, out item);

    private static bool ReadStatus(JsonElement value, Location at, Findings findings, int min, int max, out int item)
    {
        int? status = JsonValues.Integer(value, at, findings, min, max);
        item = status.GetValueOrDefault();
        return status is not null;
    }

    private static bool ReadHeader(JsonElement value, Location at, Findings findings, out HeaderConfig item)
    {
        item = new HeaderConfig("", "");
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        reader.Require("key");
        reader.Require("value");
        string name = reader.Text("key", 1) ?? "", text = reader.Text("value", 1) ?? "";
        reader.ForbidOthers();
        item = new HeaderConfig(name, text);
        if (name.Length > 0 && !HeaderTexts.IsToken(name))
            findings.Add(Phase.Own, at, $"{at.Path}: \"{name}\" is no name of a header field");
        else if (ResponseEdits.IsGateways(Encoding.ASCII.GetBytes(name)))
            findings.Add(Phase.Own, at, $"{at.Path}: {name} is written by the gateway itself and cannot be changed here");
        else
            SchemaRules.WarnUnknownVariables(reader, "value", TemplateParser.Value(text));
        return true;
    }
}
