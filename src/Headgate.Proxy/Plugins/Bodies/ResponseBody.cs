using System.Runtime.ExceptionServices;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>
/// What plugins make of an answer's body, a node's or the gateway's own. They ask for it when they see the head (<see cref="PluginPhases.ResponseHead"/>), in running order, and each
/// gets what the one before it has made. A body that nobody asks for passes without being looked at. One for each request in work; used by its flow.
/// </summary>
public sealed class ResponseBody
{
    private const int PieceBytes = 65_536;

    // What is kept from answer to answer of the memory for the gateway's own.
    private const int KeptBytesMax = 65_536;

    private readonly Exchange _exchange;
    private readonly ReplacedBody _replaced = new();
    private BodyTransform[] _steps = [];
    private int _count;
    private int _ended;
    private byte[] _trailers = [];
    private int _trailersLength;
    private byte[] _own = [];
    private int _ownLength = -1;
    private IContentCoding? _coding;
    private int _codingQuality;

    internal ResponseBody(Exchange exchange) => _exchange = exchange;

    /// <summary>Bytes of the body with what was asked for so far; −1 = not known beforehand. Of an answer to HEAD, what the answer says.</summary>
    public long Length { get; private set; }

    /// <summary>Whether anything was asked for.</summary>
    public bool IsChanged => _count > 0;

    /// <summary>What went wrong; null = nothing. The client must not take what it has for the whole.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Trailer lines of the node's answer, which stand behind the last byte.</summary>
    internal ReadOnlySpan<byte> Trailers => _trailers.AsSpan(0, _trailersLength);

    /// <summary>The node's body was not read to its end, because nobody needed the rest.</summary>
    internal bool IsCut { get; set; }

    /// <summary>Whether the rest of the body matters to anybody.</summary>
    internal bool NeedsMore
    {
        get
        {
            for (int i = 0; i < _count; i++)
            {
                if (!_steps[i].NeedsMore)
                    return false;
            }

            return Failure is null;
        }
    }

    /// <summary>Has the body, as plugins before have made it, go through a transform.</summary>
    public void Add(BodyTransform transform)
    {
        if (_count == _steps.Length)
            Array.Resize(ref _steps, Math.Max(4, _count * 2));
        _steps[_count++] = transform;
        Length = transform.LengthOf(Length);
    }

    /// <summary>Sends <paramref name="body"/> instead: nothing of the answer's own is read. What plugins before have asked for has no effect.</summary>
    public void Replace(ReadOnlyMemory<byte> body)
    {
        ReleaseSteps();
        _replaced.Begin(body);
        Add(_replaced);
    }

    /// <summary>
    /// Offers to encode the answer, at <see cref="PluginPhases.ResponseBody"/>: the offer with the highest <paramref name="quality"/>, the client's weight in thousandths, is taken, of equal
    /// ones the first. 0 is no offer.
    /// </summary>
    public void OfferCoding(IContentCoding coding, int quality)
    {
        if (quality > _codingQuality)
            (_coding, _codingQuality) = (coding, quality);
    }

    /// <summary>An answer begins, with a body of <paramref name="length"/> bytes; −1 = not known.</summary>
    internal void Begin(long length)
    {
        Release();
        IsCut = false;
        Length = length;
    }

    /// <summary>All offers are made.</summary>
    internal void ChooseCoding(PluginContext context) => _coding?.Encode(context);

    /// <summary>Takes a run of the body.</summary>
    internal void Write(ReadOnlySpan<byte> run)
    {
        try
        {
            if (Failure is null)
                Pass(run, 0);
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }

    /// <summary>Nothing more of the body has come so far.</summary>
    internal void Pause()
    {
        try
        {
            for (int i = 0; i < _count && Failure is null; i++)
                _steps[i].Pause(new BodySink(this, i + 1));
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }

    /// <summary>The body is complete: passes on the rest, a piece of it. True when that was all.</summary>
    internal bool End()
    {
        try
        {
            for (; _ended < _count && Failure is null; _ended++)
            {
                if (!_steps[_ended].End(new BodySink(this, _ended + 1)))
                    return false;
            }
        }
        catch (Exception failure)
        {
            Failure = failure;
        }

        return true;
    }

    /// <summary>Keeps trailer lines, which come before the last bytes have been passed on.</summary>
    internal void HoldTrailers(ReadOnlySpan<byte> lines)
    {
        if (_trailers.Length - _trailersLength < lines.Length)
            Array.Resize(ref _trailers, Math.Max(_trailersLength + lines.Length, BodyDecoder.TrailerBytesMax));
        lines.CopyTo(_trailers.AsSpan(_trailersLength));
        _trailersLength += lines.Length;
    }

    /// <summary>The gateway's own <paramref name="body"/> after all changes; valid until the next answer. What goes wrong is thrown.</summary>
    internal ReadOnlySpan<byte> Change(scoped ReadOnlySpan<byte> body)
    {
        _ownLength = 0;
        Write(body);
        while (!End())
        {
        }

        if (Failure is not null)
            ExceptionDispatchInfo.Throw(Failure);
        return _own.AsSpan(0, _ownLength);
    }

    /// <summary>Passes bytes on to the transform of that index; behind the last one, to the client.</summary>
    internal void Pass(ReadOnlySpan<byte> run, int step)
    {
        if (run.IsEmpty)
            return;
        if (step < _count)
            _steps[step].Write(run, new BodySink(this, step + 1));
        else if (_ownLength < 0)
            _exchange.WriteBody(run);
        else
            Keep(run);
    }

    /// <summary>Passes on as much of <paramref name="left"/> as goes at once; true when nothing is left.</summary>
    internal static bool PassPiece(ref ReadOnlyMemory<byte> left, BodySink next)
    {
        ReadOnlyMemory<byte> piece = left[..Math.Min(left.Length, PieceBytes)];
        left = left[piece.Length..];
        next.Write(piece.Span);
        return left.IsEmpty;
    }

    /// <summary>The answer is over, or taken back: gives back what it took.</summary>
    internal void Release()
    {
        ReleaseSteps();
        (_trailersLength, _ownLength, Failure, _coding, _codingQuality) = (0, -1, null, null, 0);
        if (_own.Length > KeptBytesMax)
            _own = [];
    }

    private void ReleaseSteps()
    {
        for (int i = 0; i < _count; i++)
        {
            _steps[i].Release();
            _steps[i] = null!;
        }

        (_count, _ended) = (0, 0);
    }

    private void Keep(ReadOnlySpan<byte> run)
    {
        if (_own.Length - _ownLength < run.Length)
            Array.Resize(ref _own, Math.Max(_ownLength + run.Length, Math.Max(1024, _own.Length * 2)));
        run.CopyTo(_own.AsSpan(_ownLength));
        _ownLength += run.Length;
    }
}
