using System.Runtime.CompilerServices;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Http1;

/// <summary>The requests of one HTTP/1.1 connection, one after the other.</summary>
internal sealed class Http1Exchange : Exchange
{
    private readonly TransportConnection _client;
    private readonly ProxyLimits _limits;
    private readonly HttpDate _date;
    private readonly byte[] _server;
    private readonly bool _https;

    private BodyDecoder _body;
    private BodyStep _held = BodyStep.NeedMore;
    private int _runLength;
    private long _bodyBytes;
    private long _droppedFrom;
    private long _dropUntilMs;
    private bool _continued;
    private bool _refused;

    /// <summary>Written once, by the thread that stops the gateway.</summary>
    private bool _isLast;
    private BodyFraming _answerFraming;
    private bool _answerTrailers;
    private int _headLength;
    private bool _keptBeforeHead;

    public Http1Exchange(TransportConnection client, ClientEndpoints endpoints, bool https, byte[] server, HttpDate date, ProxyLimits limits)
    {
        _client = client;
        _limits = limits;
        _date = date;
        _server = server;
        _https = https;
        (ClientAddress, ClientPort) = (endpoints.ClientAddress, endpoints.ClientPort);
        (ServerAddress, ServerPort) = (endpoints.ServerAddress, endpoints.ServerPort);
        PeerAddressText = endpoints.ClientAddressText;
    }

    public override ReadOnlySpan<byte> Scheme => _https ? "https"u8 : "http"u8;

    /// <summary>Whether the connection may serve a further request after this one.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>From now on an answer whose head is not out yet says that the connection ends with it. Any thread: the gateway is stopping.</summary>
    public void MakeLast() => Volatile.Write(ref _isLast, true);

    /// <summary>Whether the last answer refused a head: what follows on the connection cannot be understood.</summary>
    public bool WasRefused => _refused;

    public override bool IsBodyComplete => _body.IsComplete;

    public override ReadOnlySpan<byte> BodyRun => _client.Unread[.._runLength];

    public override bool BodyNeedsWait
    {
        get
        {
            BodyDecoder probe = _body;
            return _held == BodyStep.NeedMore && probe.Next(_client.Unread, out _, out _) == BodyStep.NeedMore && !_client.HasMore;
        }
    }

    /// <summary>Begins a request whose head was parsed into <see cref="Exchange.Request"/>. <paramref name="isLast"/>: none is taken after it.</summary>
    public void Begin(bool isLast)
    {
        ResetExchange(_limits.BodyBytesMax);
        BytesReceived = Request.Length;
        _body.Start(Request.Framing, Request.ContentLength);
        _held = BodyStep.NeedMore;
        _runLength = 0;
        _bodyBytes = 0;
        _answerTrailers = false;
        _droppedFrom = long.MaxValue;
        _client.DeadlineMs = 0;
        _continued = !Request.ExpectContinue;
        KeepsConnection = Request.KeepAlive && !isLast;
    }

    public override async ValueTask ContinueAsync()
    {
        if (_continued)
            return;
        _continued = true;
        if (!_client.Unread.IsEmpty)
            return; // the client did not wait
        "HTTP/1.1 100 Continue\r\n\r\n"u8.CopyTo(_client.GetSpan(25));
        _client.Advance(25);
        await FlushAsync();
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public override async ValueTask<BodyStep> ReadBodyAsync()
    {
        while (true)
        {
            BodyStep step = NextBodyStep();
            if (step != BodyStep.NeedMore)
                return step;
            _client.SetReadDeadline(_limits.BodyTimeout);
            if (DropsBody)
                _client.DeadlineMs = _dropUntilMs;
            ReadOutcome outcome = await _client.ReadAsync();
            _client.DeadlineMs = 0; // nothing is awaited from the client until the next read
            if (outcome != ReadOutcome.Data && !DropsBody)
                OnClientGone();
            if (outcome != ReadOutcome.Data || _bodyBytes - _limits.DroppedBytesMax > _droppedFrom)
                return FailBody(499);
        }
    }

    public override void ConsumeBodyRun()
    {
        _client.Consume(_runLength);
        _runLength = 0;
        _held = BodyStep.NeedMore;
    }

    public override void DropBody()
    {
        _droppedFrom = _bodyBytes;
        _dropUntilMs = _client.Deadlines.NowMs + (long)_limits.LingerTimeout.TotalMilliseconds;
        DropsBody = true;
        _client.SetReadDeadline(_limits.LingerTimeout);
    }

    /// <summary>Answers a head that could not be parsed; the connection ends with it.</summary>
    public void Refuse(int status, string reason)
    {
        Begin(isLast: true);
        _body.Start(BodyFraming.None, 0); // whatever of the head was understood, what follows it is not
        _refused = true;
        (HasRequest, BytesReceived) = (false, 0);
        WriteRefusal(status, reason);
    }

    protected override void WriteHeadCore(ResponseHead answer, int status, BodyFraming framing, long contentLength)
    {
        DropBufferedBody();
        _keptBeforeHead = KeepsConnection;
        Status = status;
        _answerFraming = framing;
        if (_answerFraming is BodyFraming.Chunked or BodyFraming.UntilClose)
            _answerFraming = Request.VersionMinor == 0 ? BodyFraming.UntilClose : BodyFraming.Chunked;
        KeepsConnection &= !Volatile.Read(ref _isLast) && _body.IsComplete && _answerFraming != BodyFraming.UntilClose && answer.Status != 101;

        Span<byte> statuses = stackalloc byte[80];
        var forwarding = new ResponseForwarding
        {
            Status = status,
            VersionMinor = Request.VersionMinor,
            Framing = _answerFraming,
            ContentLength = contentLength,
            KeepAlive = KeepsConnection,
            Server = ServerValue,
            Date = _date.Bytes,
            UpstreamStatus = Tries.Last >= 500 ? statuses[..Tries.Write(statuses)] : default,
            SetCookie = SetCookie,
            Lines = ResponseLines,
            Explanation = Account?.Write(status, RetryAfterSeconds),
            Upgrade = answer.Status == 101,
        };
        Span<byte> span = _client.GetSpan(HeadWriter.ResponseSizeMax(answer, forwarding));
        _headLength = HeadWriter.WriteResponse(span, answer, forwarding);
        HeadBytesSent = _headLength;
        _client.Advance(_headLength);
    }

    protected override void WriteGatewayAnswerCore(int status, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        DropBufferedBody();
        Status = status;
        KeepsConnection &= !Volatile.Read(ref _isLast) && _body.IsComplete;
        Span<byte> statuses = stackalloc byte[80];
        var answer = new GatewayHead
        {
            Status = status,
            ContentType = contentType,
            ContentLength = body.Length,
            KeepAlive = KeepsConnection,
            VersionMinor = Request.VersionMinor,
            Server = ServerValue,
            Date = _date.Bytes,
            UpstreamStatus = Tries.Last >= 500 ? statuses[..Tries.Write(statuses)] : default,
            RetryAfterSeconds = RetryAfterSeconds,
            Lines = ResponseLines,
            Explanation = Account?.Write(status, RetryAfterSeconds),
        };
        Span<byte> span = _client.GetSpan(GatewayHead.SizeMax + answer.Lines.Length + answer.Explanation.Length);
        int length = answer.Write(span);
        _client.Advance(length);
        HeadBytesSent = length;
        if (Request.MethodKind != HttpMethod.Head)
        {
            BodyWriter.Write(_client, body, chunked: false);
            BodyBytesSent = body.Length;
        }
    }

    public override void WriteBody(ReadOnlySpan<byte> run)
    {
        BodyBytesSent += run.Length;
        HeadBytesSent += BodyWriter.Write(_client, run, _answerFraming == BodyFraming.Chunked);
    }

    public override void WriteTrailers(ReadOnlySpan<byte> lines)
    {
        if (_answerFraming != BodyFraming.Chunked)
            return;
        BodyWriter.WriteTrailers(_client, lines, first: !_answerTrailers);
        _answerTrailers = true;
    }

    public override void EndBody()
    {
        if (_answerFraming == BodyFraming.Chunked)
            BodyWriter.End(_client, afterTrailers: _answerTrailers);
    }

    public override ValueTask<bool> FlushAsync()
    {
        if (_client.Unflushed == 0)
            return new ValueTask<bool>(!IsClientGone);
        ValueTask<bool> flush = _client.FlushWithinAsync(_limits.SendTimeout);
        return flush.IsCompletedSuccessfully ? new ValueTask<bool>(NoteFlush(flush.Result)) : AwaitFlushAsync(flush);
    }

    public override bool TryFlushSoon() => _client.TryFlushSoon();

    public override bool TryTakeBackHead()
    {
        if (!_client.TryTakeBack(_headLength))
            return false;
        (Status, KeepsConnection, HeadBytesSent) = (0, _keptBeforeHead, 0);
        Tries.TakeBack();
        Plugins?.Response.TakeBackHead();
        return true;
    }

    public override void AbortAnswer()
    {
        KeepsConnection = false;
        _client.Abort(EndCause.ProtocolError);
    }

    public override TransportConnection TakeTunnel()
    {
        KeepsConnection = false;
        return _client;
    }

    private ReadOnlySpan<byte> ResponseLines => Plugins is { } plugins ? plugins.Response.Lines : default;

    private ReadOnlySpan<byte> ServerValue => Plugins?.Response.Drops("server"u8) == true ? default : _server;

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> AwaitFlushAsync(ValueTask<bool> flush) => NoteFlush(await flush);

    private bool NoteFlush(bool sent)
    {
        if (!sent && _client.EndCause is EndCause.None or EndCause.Deadline)
            OnClientGone();
        return sent;
    }

    /// <summary>The next step of the body with what has been received; <see cref="BodyStep.NeedMore"/> when that is not enough.</summary>
    private BodyStep NextBodyStep()
    {
        if (_held != BodyStep.NeedMore)
            return _held;
        BodyStep step = _body.Next(_client.Unread, out int skip, out int take);
        _client.Consume(skip);
        switch (step)
        {
            case BodyStep.Data:
            case BodyStep.Trailers:
                (_held, _runLength) = (step, take);
                _bodyBytes += take;
                BytesReceived += take;
                return BodyBytesMax > 0 && _bodyBytes > BodyBytesMax ? FailBody(413) : step;
            case BodyStep.Bad:
                return FailBody(400);
            default:
                return step;
        }
    }

    private BodyStep FailBody(int status)
    {
        BodyFailureStatus = status;
        KeepsConnection = false;
        return BodyStep.Bad;
    }

    /// <summary>
    /// Before a head is written without the body having been read: drops what is here of it, so that a small body that nobody wanted does not cost the
    /// connection. Leaves a body alone that is being sent to a node.
    /// </summary>
    private void DropBufferedBody()
    {
        if (_body.IsComplete || Upload.State == Headgate.Proxy.Upstream.UploadState.Running)
            return;
        while (NextBodyStep() is BodyStep.Data or BodyStep.Trailers)
            ConsumeBodyRun();
    }
}
