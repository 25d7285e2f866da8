using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>status</c>: 1 (the default) for on, 0 for off.</summary>
internal static class StatusReader
{
    public static bool Read(ObjectReader reader)
    {
        if (!reader.TryGet("status", out JsonElement value))
            return true;

        Location at = reader.At.Property("status");
        int? status = JsonValues.Integer(value, at, reader.Findings);
        if (status is not (null or 0 or 1))
            reader.Findings.Schema(at, $"matches none of the enum values (given {LuaText.Clip(value.GetRawText())}; allowed: 1, 0)");
        return status != 0;
    }
}
