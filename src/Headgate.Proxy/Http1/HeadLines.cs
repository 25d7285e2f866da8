namespace Headgate.Proxy.Http1;

/// <summary>
/// Reads the field lines of a head (RFC 9112 §5) in one pass: a vectorised search ends each name, another ends each value and finds what is forbidden in it.
/// An error is found at its place, so the verdict does not depend on how the bytes were split on the way.
/// </summary>
internal ref struct HeadLines
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly HeadLimits _limits;
    private int _position;
    private int _count;

    /// <summary>Begins behind the start line.</summary>
    /// <param name="bytes">The head from its first byte on, cut at the limit.</param>
    /// <param name="position">First byte behind the start line.</param>
    /// <param name="limits">Limits.</param>
    internal HeadLines(ReadOnlySpan<byte> bytes, int position, HeadLimits limits)
    {
        _bytes = bytes;
        _position = position;
        _limits = limits;
    }

    /// <summary>What a step found.</summary>
    internal enum Step
    {
        /// <summary>A field.</summary>
        Field,

        /// <summary>The empty line: the head is whole.</summary>
        End,

        /// <summary>The bytes end before the line does.</summary>
        Incomplete,

        /// <summary>A fault.</summary>
        Bad,
    }

    /// <summary>First byte that was not read yet; behind the empty line after <see cref="Step.End"/>.</summary>
    internal readonly int Position => _position;

    /// <summary>Reads the next line.</summary>
    internal Step Next(out HeaderField field, out HeadFault? fault)
    {
        fault = null;
        field = default;
        ReadOnlySpan<byte> rest = _bytes[_position..];
        int colon = rest.IndexOfAnyExcept(ByteSets.Token);
        if (colon < 0)
            return Step.Incomplete;
        if (rest[colon] != ':' || colon == 0)
            return NotAName(rest, colon, out fault);
        int length = rest[(colon + 1)..].IndexOfAny(ByteSets.Control);
        if (length < 0)
            return Step.Incomplete;
        int end = colon + 1 + length;
        if (rest[end] != '\r')
            return Bad(HeadFault.OfControl(rest[end]), out fault);
        if (end + 1 == rest.Length)
            return Step.Incomplete;
        if (rest[end + 1] != '\n')
            return Bad(HeadFault.BareCr, out fault);
        if (_count++ == _limits.FieldsMax)
            return Bad(HeadFault.FieldsMany, out fault);
        Describe(rest, colon, end, ref field);
        _position += end + 2;
        return Step.Field;
    }

    private readonly void Describe(ReadOnlySpan<byte> rest, int colon, int end, ref HeaderField field)
    {
        int start = colon + 1;
        while (start < end && rest[start] is (byte)' ' or (byte)'\t')
            start++;
        int stop = end;
        while (stop > start && rest[stop - 1] is (byte)' ' or (byte)'\t')
            stop--;
        field.NameStart = _position;
        field.NameLength = colon;
        field.ValueStart = _position + start;
        field.ValueLength = stop - start;
        field.LineEnd = _position + end + 2;
        field.Known = KnownHeaders.Find(rest[..colon]);
    }

    /// <summary>The line has no proper name: it is the empty line, or <paramref name="at"/> is where it breaks.</summary>
    private Step NotAName(ReadOnlySpan<byte> rest, int at, out HeadFault? fault)
    {
        fault = null;
        byte b = rest[at];
        if (b == '\r')
        {
            if (at + 1 == rest.Length)
                return Step.Incomplete;
            if (rest[at + 1] != '\n')
                return Bad(HeadFault.BareCr, out fault);
            if (at > 0)
                return Bad(HeadFault.NoColon, out fault);
            _position += 2;
            return Step.End;
        }

        bool isSpace = b is (byte)' ' or (byte)'\t';
        return Bad(
            (isSpace, at) switch
            {
                (true, 0) => HeadFault.Fold,
                (true, _) => HeadFault.NameSpace,
                (_, 0) when b == ':' => HeadFault.NameEmpty,
                _ => b < 0x20 ? HeadFault.OfControl(b) : HeadFault.NameByte,
            },
            out fault);
    }

    private static Step Bad(HeadFault found, out HeadFault fault)
    {
        fault = found;
        return Step.Bad;
    }
}
