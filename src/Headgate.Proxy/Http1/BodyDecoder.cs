namespace Headgate.Proxy.Http1;

/// <summary>
/// Finds the runs of body bytes in what a transport has received, for every <see cref="BodyFraming"/>. A mutable struct that lives in the connection's state;
/// no copy, no allocation. Loop: <see cref="Next"/>; on <see cref="BodyStep.Data"/> skip and take as told and consume both; on
/// <see cref="BodyStep.NeedMore"/> consume the skipped bytes and read.
/// </summary>
public struct BodyDecoder
{
    /// <summary>Begins a body.</summary>
    public void Start(BodyFraming framing, long contentLength) => throw new NotSupportedException("written by the codec slice");

    /// <summary>True once the last byte of the body, the trailer section included, was found.</summary>
    public readonly bool IsComplete => throw new NotSupportedException("written by the codec slice");

    /// <summary>
    /// Looks at <paramref name="unread"/>: the first <paramref name="skip"/> bytes are framing to be consumed, the next <paramref name="take"/> are body
    /// (0 unless <see cref="BodyStep.Data"/>). Framing that is not whole yet stays unread. Bounded: chunk lines and trailers have limits.
    /// </summary>
    public BodyStep Next(ReadOnlySpan<byte> unread, out int skip, out int take) => throw new NotSupportedException("written by the codec slice");

    /// <summary>The stream ended: true when that is a proper end of this body (UntilClose, or complete already).</summary>
    public bool EndOfStream() => throw new NotSupportedException("written by the codec slice");
}

/// <summary>What <see cref="BodyDecoder.Next"/> found.</summary>
public enum BodyStep
{
    /// <summary>A run of body bytes.</summary>
    Data,

    /// <summary>Nothing more without reading.</summary>
    NeedMore,

    /// <summary>The body is complete; what follows the skipped bytes belongs to the next message.</summary>
    End,

    /// <summary>The framing is broken or above a limit.</summary>
    Bad,
}
