using System.Globalization;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>minLength</c>, <c>maxLength</c>, <c>pattern</c>. Patterns see bytes, as APISIX's do.</summary>
internal sealed class TextRule(int min, int max, string? pattern) : SchemaRule
{
    private readonly BytePattern? _pattern = pattern is null ? null : BytePattern.Of(pattern);

    /// <inheritdoc/>
    public override string? Check(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        ReadOnlySpan<byte> text = JsonText.Of(value);
        int length = JsonText.Length(text);
        if (length < min)
            return string.Create(CultureInfo.InvariantCulture, $"string too short, expected at least {min}, got {length}");
        if (length > max)
            return string.Create(CultureInfo.InvariantCulture, $"string too long, expected at most {max}, got {length}");
        return _pattern is null || _pattern.Find(text) == Found.Yes ? null : $"failed to match pattern {LuaText.Quote(pattern!)} with {LuaText.Quote(Encoding.UTF8.GetString(text))}";
    }
}
