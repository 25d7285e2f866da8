using System.Text.Json;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>Members as Consul writes them: what is not set is absent, null, or empty.</summary>
internal static class ConsulJson
{
    /// <summary>A member of an object; null when it is absent or null, or when that is no object.</summary>
    public static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>A text; null when the member is absent. False when it is something else.</summary>
    public static bool TryText(JsonElement value, string name, out string? text)
    {
        JsonElement? member = Member(value, name);
        text = member is { ValueKind: JsonValueKind.String } written ? written.GetString() : null;
        return member is null || text is not null;
    }
}
