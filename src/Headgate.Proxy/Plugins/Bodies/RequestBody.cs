using System.Runtime.CompilerServices;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>
/// A request's body as plugins see it, up to <see cref="PluginPhases.BeforeProxy"/>: whole, or run by run as it passes. A body that nobody asks for is neither kept nor looked at. What
/// was read goes to the node from memory, as often as it is tried. One for each request in work; used by its flow.
/// </summary>
public sealed class RequestBody
{
    private readonly PluginContext _context;
    private readonly Exchange _exchange;

    // Set before the body is sent to a node. From then on it belongs to the flow that sends, until that has ended.
    private BodyTap? _taps;

    internal RequestBody(PluginContext context) => (_context, _exchange) = (context, context.Exchange);

    /// <summary>Whether the request has a body, be it an empty one.</summary>
    public bool Exists => _exchange.Request.Framing != BodyFraming.None;

    /// <summary>Bytes that the client has announced; 0 = there is no body, −1 = it did not say.</summary>
    public long Announced => _exchange.Request.Framing switch
    {
        BodyFraming.None => 0,
        BodyFraming.Length => _exchange.Request.ContentLength,
        _ => -1,
    };

    /// <summary>Whether all of it is here. Trailers are not part of it.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>What was read of it, without what frames it; valid until the request has ended.</summary>
    public ReadOnlySpan<byte> Bytes => _exchange.Replay.Bytes;

    /// <summary>As <see cref="Bytes"/>, for who awaits something meanwhile.</summary>
    public ReadOnlyMemory<byte> Memory => _exchange.Replay.Memory;

    /// <summary>Status for a body that is <see cref="BodyReading.Broken"/>: 400 or 413; 499 when the client is gone or too slow.</summary>
    public int FailureStatus => _exchange.MayHaveBody ? _exchange.BodyFailureStatus : 413;

    /// <summary>
    /// Reads the body whole, unless it is longer than <paramref name="bytesMax"/>, which is known before anything is read when the client has announced it. A client that waits to be
    /// asked for it (Expect: 100-continue) is. Takes as long as the client takes, within the gateway's timeout between two reads.
    /// </summary>
    public ValueTask<BodyReading> ReadAsync(int bytesMax)
    {
        if (!_exchange.MayHaveBody)
            return new ValueTask<BodyReading>(BodyReading.Broken);
        if (Announced > bytesMax || Bytes.Length > bytesMax)
            return new ValueTask<BodyReading>(BodyReading.TooLarge);
        IsWhole |= !Exists;
        return IsWhole ? new ValueTask<BodyReading>(BodyReading.Whole) : ReadRestAsync(bytesMax);
    }

    /// <summary>Has <paramref name="tap"/> see the body, from its first byte on. Nothing comes of a request without a body but its end.</summary>
    public void Tap(BodyTap tap)
    {
        (tap.Next, tap.Owner, _taps) = (_taps, _context.Running, tap);
        if (Bytes.Length > 0)
            Pass(tap, Bytes);
        if (!IsWhole && Exists)
            return;
        _taps = tap.Next;
        End(tap, isWhole: true);
    }

    /// <summary>A request begins.</summary>
    internal void Begin() => (IsWhole, _taps) = (false, null);

    /// <summary>A run has come from the client and is kept or sent.</summary>
    internal void Pass(ReadOnlySpan<byte> run)
    {
        for (BodyTap? tap = _taps; tap is not null; tap = tap.Next)
            Pass(tap, run);
    }

    /// <summary>No run follows.</summary>
    internal void End(bool isWhole)
    {
        for (BodyTap? tap = _taps; tap is not null; tap = _taps)
        {
            _taps = tap.Next;
            End(tap, isWhole);
        }
    }

    /// <summary>The request is over: nothing more of the body comes.</summary>
    internal void EndEarly()
    {
        if (!IsOnItsWay)
            End(isWhole: false);
    }

    /// <summary>The request is over, and plugins have been told: gives back what was kept.</summary>
    internal void Release()
    {
        if (!IsOnItsWay)
            _exchange.Replay.Clear();
    }

    /// <summary>After a mistake of ours the body may still be sent when the request ends: what belongs to that flow is left to it, and to the collector.</summary>
    private bool IsOnItsWay => _exchange.Upload.State == UploadState.Running;

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<BodyReading> ReadRestAsync(int bytesMax)
    {
        await _exchange.ContinueAsync();
        while (true)
        {
            switch (await _exchange.ReadBodyAsync())
            {
                case BodyStep.Data:
                    if (!TryKeepRun(bytesMax))
                        return BodyReading.TooLarge; // the run stays where it is, and is the next to be read
                    break;
                case BodyStep.Bad:
                    return BodyReading.Broken;
                default: // trailers stay where they are, for the node
                    IsWhole = true;
                    End(isWhole: true);
                    return BodyReading.Whole;
            }
        }
    }

    private bool TryKeepRun(int bytesMax)
    {
        ReadOnlySpan<byte> run = _exchange.BodyRun;
        if (run.Length > bytesMax - Bytes.Length)
            return false;
        _exchange.Replay.Add(run, bytesMax);
        Pass(run);
        _exchange.ConsumeBodyRun();
        return true;
    }

    private void Pass(BodyTap tap, ReadOnlySpan<byte> run)
    {
        try
        {
            if (tap.Owner is not null)
                tap.OnRun(run);
        }
        catch (Exception bug)
        {
            Drop(tap, bug);
        }
    }

    private void End(BodyTap tap, bool isWhole)
    {
        tap.Next = null;
        try
        {
            if (tap.Owner is not null)
                tap.OnEnd(isWhole);
        }
        catch (Exception bug)
        {
            Drop(tap, bug);
        }
    }

    private void Drop(BodyTap tap, Exception bug)
    {
        tap.Owner!.LogFailure(_context, bug);
        tap.Owner = null;
    }
}
