namespace Headgate.Proxy.Http1;

/// <summary>
/// A parsed request or response head: a private copy of its bytes and where things lie in them. One instance serves all messages of a connection, one
/// after the other; nothing is allocated once its arrays are large enough. Not thread-safe.
/// </summary>
public abstract class MessageHead
{
    private byte[] _bytes = new byte[2048];
    private HeaderField[] _fields = new HeaderField[32];

    /// <summary>Length of the head, the empty line included.</summary>
    public int Length { get; private set; }

    /// <summary>The head's bytes, from the first of the start line to the empty line's LF.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>The header fields in the order received.</summary>
    public ReadOnlySpan<HeaderField> Fields => _fields.AsSpan(0, FieldCount);

    /// <summary>Number of header fields.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Where the first header line begins, behind the start line's CRLF.</summary>
    public int FieldsStart { get; internal set; }

    /// <summary>0 for HTTP/1.0, 1 for HTTP/1.1.</summary>
    public int VersionMinor { get; internal set; }

    /// <summary>How the end of the body is known.</summary>
    public BodyFraming Framing { get; internal set; }

    /// <summary>Value of Content-Length when <see cref="Framing"/> is <see cref="BodyFraming.Length"/>, or when a response without body announces one; −1 otherwise.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>Whether the sender leaves the connection open after this message (RFC 9112 §9.3).</summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>The name's bytes as received.</summary>
    public ReadOnlySpan<byte> Name(in HeaderField field) => _bytes.AsSpan(field.NameStart, field.NameLength);

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Value(in HeaderField field) => _bytes.AsSpan(field.ValueStart, field.ValueLength);

    /// <summary>Part of the head's bytes.</summary>
    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>The first field of that name (<paramref name="lowerName"/> is lower-case) that was not taken out; false when there is none.</summary>
    public bool TryGet(ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        foreach (ref readonly HeaderField field in Fields)
        {
            if (field.NameLength == lowerName.Length && field.Known != KnownHeader.Edited && System.Text.Ascii.EqualsIgnoreCase(Name(field), lowerName))
            {
                value = Value(field);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Forgets the last message.</summary>
    internal virtual void Reset()
    {
        Length = 0;
        FieldCount = 0;
        FieldsStart = 0;
        VersionMinor = 1;
        Framing = BodyFraming.None;
        ContentLength = -1;
        KeepAlive = false;
    }

    /// <summary>Adds a field; the parser has checked the limit.</summary>
    internal ref HeaderField AddField()
    {
        if (FieldCount == _fields.Length)
            Array.Resize(ref _fields, FieldCount * 2);
        return ref _fields[FieldCount++];
    }

    /// <summary>Takes in the meaning of the field that was added last, one that the gateway acts on.</summary>
    internal abstract HeadFault? TakeField(in HeaderField field, ReadOnlySpan<byte> value, ref FieldFacts facts);

    /// <summary>The fields for the parser to change.</summary>
    internal Span<HeaderField> MutableFields => _fields.AsSpan(0, FieldCount);

    /// <summary>Takes a private copy of the head, so that the transport may reuse its buffer.</summary>
    internal void Hold(ReadOnlySpan<byte> head)
    {
        if (head.Length > _bytes.Length)
            _bytes = new byte[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)head.Length)];
        head.CopyTo(_bytes);
        Length = head.Length;
    }

    /// <summary>Becomes the same as another head, in memory of its own.</summary>
    private protected void CopyFields(MessageHead other)
    {
        Hold(other.Bytes);
        (FieldsStart, VersionMinor, Framing, ContentLength, KeepAlive) = (other.FieldsStart, other.VersionMinor, other.Framing, other.ContentLength, other.KeepAlive);
        if (_fields.Length < other.FieldCount)
            _fields = new HeaderField[other._fields.Length];
        other.Fields.CopyTo(_fields);
        FieldCount = other.FieldCount;
    }

    /// <summary>
    /// Keeps two byte strings, one behind the other, behind the held head: for a part of the message that was not sent in the form it is used in.
    /// The offset of the first; the next <see cref="Hold"/> forgets them.
    /// </summary>
    internal int Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int length = Length + first.Length + second.Length;
        byte[] bytes = length <= _bytes.Length ? _bytes : new byte[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length)];
        if (bytes != _bytes)
            _bytes.AsSpan(0, Length).CopyTo(bytes);
        first.CopyTo(bytes.AsSpan(Length));
        second.CopyTo(bytes.AsSpan(Length + first.Length));
        _bytes = bytes;
        return Length;
    }
}
