using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>Whether values of JSON are equal. The hashes begin anew with each process, so that no client can have them collide.</summary>
internal sealed class EqualJson : IEqualityComparer<JsonElement>
{
    public static EqualJson Comparer { get; } = new();

    /// <inheritdoc/>
    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    /// <inheritdoc/>
    public int GetHashCode(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return HashCode.Combine(value.GetDouble());
            case JsonValueKind.String:
                var text = default(HashCode);
                text.AddBytes(JsonText.Of(value));
                return text.ToHashCode();
            case JsonValueKind.Array:
                var items = default(HashCode);
                foreach (JsonElement item in value.EnumerateArray())
                    items.Add(GetHashCode(item));
                return items.ToHashCode();
            case JsonValueKind.Object:
                int members = 0; // in whatever order
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    var name = default(HashCode);
                    name.AddBytes(JsonText.NameOf(member));
                    members += HashCode.Combine(name.ToHashCode(), GetHashCode(member.Value));
                }

                return members;
            default:
                return (int)value.ValueKind;
        }
    }
}
