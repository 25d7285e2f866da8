using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>rate_limit</c>, in the words of APISIX's limit-req.</summary>
internal static class RateLimitReader
{
    private const double RateMin = 0.001;
    private const int Max = 1_000_000;

    /// <summary>As limit-req: it is the nodes that are protected, whichever client asks.</summary>
    private const int Default = 503;

    /// <summary>Null when there is none, or none that can be used.</summary>
    public static RateLimitConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("rate_limit") is not { } reader)
            return null;

        reader.Require("rate");
        double? rate = reader.TryGet("rate", out JsonElement value) ? JsonValues.Number(value, reader.At.Property("rate"), reader.Findings, RateMin, Max) : null;
        int burst = reader.Integer("burst", 0, Max) ?? 0;
        int code = reader.TryGet("rejected_code", out JsonElement status) ? ReadCode(status, reader.At.Property("rejected_code"), reader.Findings) : Default;
        reader.ForbidOthers();
        return rate is { } r ? new RateLimitConfig(r, burst, code) : null;
    }

    private static int ReadCode(JsonElement value, Location at, Findings findings)
    {
        if (JsonValues.Integer(value, at, findings) is not { } code)
            return Default;
        if (code is not (429 or 503))
            findings.Schema(at, $"matches none of the enum values (given {code}; allowed: 429, 503)");
        return code;
    }
}
