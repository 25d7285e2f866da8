using System.Net;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Probes;

/// <summary>One of <see cref="ProbeSteps"/>: connects, sends, receives, as far as it goes at each look. Used again and again; the loop's thread only.</summary>
internal sealed unsafe class SteppedProbe(ProbeSteps steps)
{
    /// <summary>Interim answers (1xx) passed over before the final one.</summary>
    private const int InterimMax = 8;

    private IPEndPoint _address = null!;
    private ProbedNode _node = null!;
    private HeadLimits _limits = null!;
    private int _fd = -1;
    private bool _isConnected;
    private int _sent;
    private int _interim;
    private long _deadlineMs;

    // An answer that comes in pieces; seldom used.
    private byte[] _held = [];
    private int _heldBytes;

    /// <summary>Ends when a look has found the end.</summary>
    public LoopOperation<HealthFinding> Ended { get; } = new();

    /// <summary>What was found, once it has ended.</summary>
    public HealthFinding Finding { get; private set; }

    /// <summary>Begins; true when it has ended already.</summary>
    public bool Begin(IPEndPoint address, ProbedNode node, HeadLimits limits)
    {
        (_address, _node, _limits) = (address, node, limits);
        (_isConnected, _sent, _interim, _heldBytes) = (false, 0, 0, 0);
        SetDeadline();
        if (!LoopConnector.TryBegin(address, steps.TakeSpare(address.AddressFamily), out int fd, out int error))
            return End(LoopConnector.FailureOf(error, address));
        _fd = fd;
        return error == 0 && OnConnected();
    }

    /// <summary>Goes on as far as it goes; true when it has ended.</summary>
    public bool Look() => (_isConnected ? Send() || Receive() : LookAtConnect()) || LookAtTime();

    /// <summary>Closes its connection; nobody waits for it any more.</summary>
    public void Abandon()
    {
        if (_fd >= 0)
            _ = LibC.close(_fd);
        _fd = -1;
    }

    private bool LookAtConnect()
    {
        int error = LoopConnector.Look(_fd);
        return error == 0 ? OnConnected() : error != LibC.EINPROGRESS && End(LoopConnector.FailureOf(error, _address));
    }

    private bool OnConnected()
    {
        _isConnected = true;
        SetDeadline();
        return _node.Request.Length == 0 ? End(AttemptFailure.None) : Send();
    }

    private bool Send()
    {
        if (_sent == _node.Request.Length)
            return false;
        nint count;
        fixed (byte* rest = &_node.Request[_sent])
        {
            count = LibC.send(_fd, rest, _node.Request.Length - _sent, LibC.MSG_NOSIGNAL);
        }

        if (count < 0)
            return LibC.Errno != LibC.EAGAIN && End(AttemptFailure.SendFailed);
        _sent += (int)count;
        return false;
    }

    private bool Receive()
    {
        nint count;
        fixed (byte* space = steps.Scratch)
        {
            count = LibC.recv(_fd, space, steps.Scratch.Length, 0);
        }

        if (count <= 0)
            return (count == 0 || LibC.Errno != LibC.EAGAIN) && End(AttemptFailure.ClosedBeforeAnswer);
        ReadOnlySpan<byte> received = steps.Scratch.AsSpan(0, (int)count);
        return Parse(_heldBytes == 0 ? received : Hold(received));
    }

    private bool Parse(ReadOnlySpan<byte> bytes)
    {
        HttpMethod method = _node.Upstream.Plan.Checks.Method == "HEAD" ? HttpMethod.Head : HttpMethod.Get;
        while (true)
        {
            HeadResult result = HeadParser.ParseResponse(bytes, method, steps.Head, _limits);
            if (result.Status == HeadStatus.Complete && steps.Head.Status >= 200)
                return End(AttemptFailure.None, steps.Head.Status);
            if (result.Status == HeadStatus.Bad || (result.Status == HeadStatus.Complete && ++_interim > InterimMax))
                return End(AttemptFailure.BadAnswer);
            if (result.Status != HeadStatus.Complete)
                break;
            bytes = bytes[result.Consumed..];
        }

        // What may lie in the held bytes itself, further behind.
        byte[] rest = bytes.ToArray();
        _heldBytes = 0;
        Hold(rest);
        return false;
    }

    /// <summary>Puts bytes behind those that are held; all of them.</summary>
    private ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> bytes)
    {
        if (_held.Length < _heldBytes + bytes.Length)
            Array.Resize(ref _held, Math.Max(_held.Length * 2, _heldBytes + bytes.Length));
        bytes.CopyTo(_held.AsSpan(_heldBytes));
        _heldBytes += bytes.Length;
        return _held.AsSpan(0, _heldBytes);
    }

    private bool LookAtTime() => steps.NowMs >= _deadlineMs
        && End(!_isConnected ? AttemptFailure.ConnectTimeout : _sent < _node.Request.Length ? AttemptFailure.SendTimeout : AttemptFailure.ReadTimeout);

    private void SetDeadline() => _deadlineMs = steps.NowMs + Math.Max(1, (long)_node.Upstream.Plan.Checks.Timeout.TotalMilliseconds);

    private bool End(AttemptFailure failure, int status = 0)
    {
        Finding = new HealthFinding(failure, status);
        if (_fd >= 0)
            steps.Close(_fd, _address.AddressFamily);
        _fd = -1;
        return true;
    }
}
