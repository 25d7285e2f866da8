namespace Headgate.Proxy.Http1;

/// <summary>
/// Finds the runs of body bytes in what a transport has received, for every <see cref="BodyFraming"/>. A mutable struct that lives in the connection's state;
/// no copy, no allocation. Loop: <see cref="Next"/>; on <see cref="BodyStep.Data"/> and <see cref="BodyStep.Trailers"/> skip and take as told and consume both; on
/// <see cref="BodyStep.NeedMore"/> consume the skipped bytes and read; on <see cref="BodyStep.End"/> consume the skipped bytes and be done.
/// <para>Chunked is read strictly (RFC 9112 §7.1): a line has at most <see cref="ChunkLineBytesMax"/> bytes and ends with CR LF, a size is 1 to 16 hexadecimal digits
/// below 2^63, extensions follow the grammar and are dropped, all of a body's together at most <see cref="ExtensionBytesMax"/> bytes.</para>
/// </summary>
public struct BodyDecoder
{
    /// <summary>Longest chunk line, CR LF left out.</summary>
    public const int ChunkLineBytesMax = 1024;

    /// <summary>All extensions of one body together: without it, one-byte chunks with long extensions cost a thousand times what they carry.</summary>
    public const int ExtensionBytesMax = 16 * 1024;

    /// <summary>The whole trailer section, its empty line included.</summary>
    public const int TrailerBytesMax = 8 * 1024;

    private State _state;
    private long _remaining;
    private int _extensionBytes;

    private enum State : byte
    {
        Complete,
        Length,
        UntilClose,
        ChunkLine,
        ChunkData,
        ChunkEnd,
        TrailersUnchecked,
        Trailers,
        Broken,
    }

    /// <summary>Begins a body.</summary>
    /// <param name="framing">How its end is known.</param>
    /// <param name="contentLength">Bytes, for <see cref="BodyFraming.Length"/>; else without meaning.</param>
    public void Start(BodyFraming framing, long contentLength)
    {
        _extensionBytes = 0;
        _remaining = framing == BodyFraming.Length ? contentLength : 0;
        _state = framing switch
        {
            BodyFraming.Length when contentLength > 0 => State.Length,
            BodyFraming.Chunked => State.ChunkLine,
            BodyFraming.UntilClose => State.UntilClose,
            _ => State.Complete,
        };
    }

    /// <summary>True once the last byte of the body, the trailer section included, was found. At once for <see cref="BodyFraming.None"/> and length 0.</summary>
    public readonly bool IsComplete => _state == State.Complete;

    /// <summary>Bytes that are known to follow: of a body with a length, of the chunk under way; 0 = none are known.</summary>
    public readonly long KnownLeft => _remaining;

    /// <summary>
    /// Looks at <paramref name="unread"/>: the first <paramref name="skip"/> bytes are framing to be consumed, the next <paramref name="take"/> are body or trailer lines
    /// (0 unless <see cref="BodyStep.Data"/> or <see cref="BodyStep.Trailers"/>). Framing that is not whole yet stays unread. Bounded: chunk lines and trailers have limits.
    /// A run of <see cref="BodyStep.Data"/> is what is there of the body or of one chunk, never empty.
    /// </summary>
    public BodyStep Next(ReadOnlySpan<byte> unread, out int skip, out int take)
    {
        (skip, take) = (0, 0);
        switch (_state)
        {
            case State.Complete:
                return BodyStep.End;
            case State.UntilClose:
                take = unread.Length;
                return take > 0 ? BodyStep.Data : BodyStep.NeedMore;
            case State.Length:
                return Take(unread, 0, State.Complete, out take);
            case State.Broken:
                return BodyStep.Bad;
            default:
                return NextChunked(unread, ref skip, ref take);
        }
    }

    /// <summary>The stream ended: true when that is a proper end of this body (UntilClose, or complete already).</summary>
    public bool EndOfStream()
    {
        if (_state == State.UntilClose)
            _state = State.Complete;
        return _state == State.Complete;
    }

    private BodyStep Take(ReadOnlySpan<byte> unread, int skip, State then, out int take)
    {
        take = (int)Math.Min(_remaining, unread.Length - skip);
        _remaining -= take;
        if (_remaining == 0)
            _state = then;
        return take > 0 ? BodyStep.Data : BodyStep.NeedMore;
    }

    private BodyStep NextChunked(ReadOnlySpan<byte> unread, ref int skip, ref int take)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = unread[skip..];
            BodyStep step;
            switch (_state)
            {
                case State.ChunkData:
                    return Take(unread, skip, State.ChunkEnd, out take);
                case State.ChunkEnd:
                    step = EndChunk(rest, ref skip);
                    break;
                case State.ChunkLine:
                    step = ReadChunkLine(rest, ref skip);
                    break;
                case State.TrailersUnchecked:
                    step = TrailerSection.Check(rest);
                    _state = step == BodyStep.Trailers ? State.Trailers : _state;
                    break;
                default:
                    step = TrailerSection.Next(rest, ref skip, out take);
                    _state = step == BodyStep.End ? State.Complete : _state;
                    return step;
            }

            if (step == BodyStep.Bad)
                _state = State.Broken;
            if (step is BodyStep.Bad or BodyStep.NeedMore)
                return step;
        }
    }

    private BodyStep EndChunk(ReadOnlySpan<byte> rest, ref int skip)
    {
        if (rest.Length > 0 && rest[0] != '\r')
            return BodyStep.Bad;
        if (rest.Length < 2)
            return BodyStep.NeedMore;
        if (rest[1] != '\n')
            return BodyStep.Bad;
        skip += 2;
        _state = State.ChunkLine;
        return BodyStep.Data;
    }

    private BodyStep ReadChunkLine(ReadOnlySpan<byte> rest, ref int skip)
    {
        BodyStep step = ChunkLine.Read(rest, out int consumed, out long size, out int extensionBytes);
        if (step != BodyStep.Data)
            return step;
        _extensionBytes += extensionBytes;
        if (_extensionBytes > ExtensionBytesMax)
            return BodyStep.Bad;
        skip += consumed;
        _remaining = size;
        _state = size == 0 ? State.TrailersUnchecked : State.ChunkData;
        return BodyStep.Data;
    }
}
