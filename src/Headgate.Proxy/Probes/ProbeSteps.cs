using System.Net;
using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Probes in clear text on connections of their own, without the poller: those under way look at their sockets together, a step after they began and every further one. A
/// probe need not know of its answer at once, and registering a socket, being woken by it and forgetting it again cost as much as asking it. The sockets are
/// used again for other nodes: a connection ends, its socket stays. On the loop's thread but <see cref="Dispose"/>.
/// </summary>
internal sealed class ProbeSteps(EventLoop loop) : IDeadlineTarget, IDisposable
{
    /// <summary>Milliseconds between two looks.</summary>
    private const long StepMs = 20;

    /// <summary>A longer request, with its body, is sent by who can wait for the node to take it.</summary>
    private const int RequestBytesMax = 4096;

    /// <summary>Sockets of one family that are kept: about as many as one step uses at 1,000 probes a second.</summary>
    private const int SparesMax = 32;

    private readonly List<SteppedProbe> _underWay = [];
    private readonly List<SteppedProbe> _ended = [];
    private readonly Stack<SteppedProbe> _resting = new();
    private readonly Stack<int> _spares = new();
    private readonly Stack<int> _sparesV6 = new();
    private long _deadlineMs;

    /// <inheritdoc/>
    long IDeadlineTarget.DeadlineMs => _deadlineMs;

    /// <summary>Bytes are received here before somebody knows whether they are enough; for one look.</summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(16_384, pinned: true);

    /// <summary>What answers are parsed into; for one look.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>The clock of the looks.</summary>
    public long NowMs => loop.Deadlines.NowMs;

    /// <summary>Whether this is the way of a probe.</summary>
    public static bool Takes(ProbedNode node) =>
        node.Upstream.Plan is { Tls: null, Checks: { ReusesConnection: false, Type: HealthCheckType.Http or HealthCheckType.Tcp } } && node.Request.Length <= RequestBytesMax;

    /// <summary>Probes a node at <paramref name="address"/>. Never throws for anything that a node or the network does.</summary>
    public ValueTask<HealthFinding> RunAsync(IPEndPoint address, ProbedNode node, HeadLimits limits)
    {
        if (!_resting.TryPop(out SteppedProbe? probe))
            probe = new SteppedProbe(this);
        if (probe.Begin(address, node, limits))
        {
            _resting.Push(probe);
            return new ValueTask<HealthFinding>(probe.Finding);
        }

        _underWay.Add(probe);
        if (_deadlineMs == 0)
            LookLater();
        return probe.Ended.BeginAsync();
    }

    /// <summary>A socket that leads nowhere; −1 when there is none.</summary>
    public int TakeSpare(AddressFamily family) => SparesOf(family).TryPop(out int fd) ? fd : -1;

    /// <summary>
    /// Closes a connection. Where the node has finished it too and all was read, nobody there waits for anything more: the socket is taken off it, which ends it with a
    /// reset instead of the second half of the handshake. Else it is closed in order.
    /// </summary>
    public unsafe void Close(int fd, AddressFamily family)
    {
        byte more;
        Stack<int> spares = SparesOf(family);
        if (spares.Count < SparesMax && LibC.recv(fd, &more, 1, 0) == 0 && LibC.TryDisconnect(fd))
            spares.Push(fd);
        else
            _ = LibC.close(fd);
    }

    /// <inheritdoc/>
    void IDeadlineTarget.OnDeadline()
    {
        loop.Deadlines.Remove(this);
        _deadlineMs = 0;
        for (int i = _underWay.Count - 1; i >= 0; i--)
        {
            SteppedProbe probe = _underWay[i];
            if (!probe.Look())
                continue;
            _ended.Add(probe);
            _underWay[i] = _underWay[^1];
            _underWay.RemoveAt(_underWay.Count - 1);
        }

        if (_underWay.Count > 0)
            LookLater();

        // Who waits for them goes on here, and may begin others.
        foreach (SteppedProbe probe in _ended)
        {
            probe.Ended.End(probe.Finding);
            _resting.Push(probe);
        }

        _ended.Clear();
    }

    /// <summary>Closes what is open; the loop has ended.</summary>
    public void Dispose()
    {
        foreach (SteppedProbe probe in _underWay)
            probe.Abandon();
        foreach (int fd in _spares.Concat(_sparesV6))
            _ = LibC.close(fd);
        _underWay.Clear();
        _spares.Clear();
        _sparesV6.Clear();
    }

    private void LookLater()
    {
        _deadlineMs = NowMs + StepMs;
        loop.Deadlines.Add(this);
    }

    private Stack<int> SparesOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? _sparesV6 : _spares;
}
