using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>
/// A JSON object of a token: header or claims. Well-formed, of a bounded depth and number of members, and none of them twice: of two, another reader might take the other (RFC 7519 §4).
/// Reading allocates nothing but for what is no JSON.
/// </summary>
internal readonly ref struct JwtObject
{
    /// <summary>How deep values may lie in each other.</summary>
    private const int DepthMax = 32;

    /// <summary>Bytes of a name that has escapes; of others any number.</summary>
    private const int EscapedNameMax = 256;

    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<JwtMember> _members;

    private JwtObject(ReadOnlySpan<byte> json, ReadOnlySpan<JwtMember> members)
    {
        _json = json;
        _members = members;
    }

    /// <summary>Reads an object. <paramref name="json"/> is changed where names have escapes; both spans are the object's as long as it is used. False also when there is no room.</summary>
    public static bool TryRead(Span<byte> json, Span<JwtMember> room, out JwtObject read)
    {
        int count = 0;
        bool isObject;
        try
        {
            isObject = Utf8.IsValid(json) && TryRead(json, room, ref count);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // Also a lone surrogate, in a name: the reader says so only when the escape is taken apart.
            isObject = false;
        }

        read = isObject ? new JwtObject(json, room[..count]) : default;
        return isObject;
    }

    /// <summary>What the member is; <see cref="JsonTokenType.None"/> when it is absent.</summary>
    public JsonTokenType TypeOf(ReadOnlySpan<byte> name) => IndexOf(_json, _members, name) is >= 0 and var index ? _members[index].Type : JsonTokenType.None;

    /// <summary>A text; <paramref name="scratch"/> is for one that has escapes. False when the member is absent, no text, or does not fit.</summary>
    public bool TryGetText(ReadOnlySpan<byte> name, Span<byte> scratch, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryGet(name, JsonTokenType.String, out ReadOnlySpan<byte> value))
            return false;
        text = value[1..^1];
        if (!text.Contains((byte)'\\'))
            return true;
        if (text.Length > scratch.Length)
            return false;
        try
        {
            var reader = new Utf8JsonReader(value);
            reader.Read();
            text = scratch[..reader.CopyString(scratch)];
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // half of a surrogate pair is no text
        }
    }

    /// <summary>A number; false when the member is absent or none.</summary>
    public bool TryGetNumber(ReadOnlySpan<byte> name, out double number)
    {
        number = 0;
        return TryGet(name, JsonTokenType.Number, out ReadOnlySpan<byte> value) && Utf8Parser.TryParse(value, out number, out int read) && read == value.Length;
    }

    /// <summary>Whether the member is this text, or a list in which it stands.</summary>
    public bool HasText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (!TryGet(name, JsonTokenType.String, out ReadOnlySpan<byte> value) && !TryGet(name, JsonTokenType.StartArray, out value))
            return false;
        try
        {
            var reader = new Utf8JsonReader(value);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth <= 1 && reader.ValueTextEquals(text))
                    return true;
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth == 1)
                    reader.Skip();
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return false; // half of a surrogate pair is no text
        }
    }

    private bool TryGet(ReadOnlySpan<byte> name, JsonTokenType type, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (IndexOf(_json, _members, name) is not (>= 0 and var index) || _members[index].Type != type)
            return false;
        value = _json.Slice(_members[index].ValueStart, _members[index].ValueLength);
        return true;
    }

    private static bool TryRead(Span<byte> json, Span<JwtMember> room, ref int count)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex + 1;
            if (count == room.Length || !TryUnescape(ref reader, json[start..], out int length) || IndexOf(json, room[..count], json.Slice(start, length)) >= 0)
                return false;
            reader.Read();
            int value = (int)reader.TokenStartIndex;
            JsonTokenType type = reader.TokenType;
            reader.Skip();
            room[count++] = new JwtMember(start, length, value, (int)reader.BytesConsumed - value, type);
        }

        return !reader.Read(); // what stands behind the object throws
    }

    /// <summary>A name becomes no longer without its escapes, and the reader has gone past it.</summary>
    private static bool TryUnescape(ref Utf8JsonReader reader, Span<byte> name, out int length)
    {
        length = reader.ValueSpan.Length;
        if (!reader.ValueIsEscaped)
            return true;
        if (length > EscapedNameMax)
            return false;
        Span<byte> unescaped = stackalloc byte[EscapedNameMax];
        length = reader.CopyString(unescaped);
        unescaped[..length].CopyTo(name);
        return true;
    }

    private static int IndexOf(ReadOnlySpan<byte> json, ReadOnlySpan<JwtMember> members, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].NameLength == name.Length && json.Slice(members[i].NameStart, name.Length).SequenceEqual(name))
                return i;
        }

        return -1;
    }
}
