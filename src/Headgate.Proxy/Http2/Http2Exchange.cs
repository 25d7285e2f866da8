using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Proxy.Http2;

/// <summary>One HTTP/2 stream. Kestrel's objects allocate per stream, so this front does not try to avoid it.</summary>
internal sealed class Http2Exchange : Exchange, IDeadlineTarget
{
    private readonly byte[] _server;
    private readonly DeadlineWheel _deadlines;
    private readonly ProxyLimits _limits;
    private readonly ArrayBufferWriter<byte> _head = new(1024);
    private readonly Http2Trailers _trailers = new();

    private IFeatureCollection _features = null!;
    private IHttpRequestFeature _request = null!;
    private IHttpResponseFeature _response = null!;
    private PipeReader _bodyReader = null!;
    private PipeWriter _bodyWriter = null!;
    private IHttpRequestLifetimeFeature? _lifetime;
    private CancellationTokenRegistration _aborted;
    private ReadOnlySequence<byte> _pending;
    private ReadOnlyMemory<byte> _run;
    private SequencePosition _takenEnd;
    private bool _holds;
    private bool _bodyComplete;
    private bool _isBrokenOff;
    private BodyStep _runKind;
    private long _bodyBytes;

    // Of the wheel's milliseconds, 0 = none: written by the flow that waits, read by the wheel.
    private long _readDeadline;
    private long _writeDeadline;

    public Http2Exchange(byte[] server, DeadlineWheel deadlines, ProxyLimits limits)
    {
        _server = server;
        _deadlines = deadlines;
        _limits = limits;
    }

    public override ReadOnlySpan<byte> Scheme => _request.Scheme == "https" ? "https"u8 : "http"u8;

    public override ReadOnlySpan<byte> Protocol => "HTTP/2.0"u8;

    public override bool IsBodyComplete => _bodyComplete;

    public override ReadOnlySpan<byte> BodyRun => _run.Span;

    public override bool BodyNeedsWait => _run.IsEmpty && _pending.IsEmpty && !_bodyComplete;

    /// <summary>The earlier of the two deadlines.</summary>
    public long DeadlineMs
    {
        get
        {
            long read = Volatile.Read(ref _readDeadline);
            long write = Volatile.Read(ref _writeDeadline);
            return read == 0 || (write != 0 && write < read) ? write : read;
        }
    }

    /// <summary>The client neither sends nor takes anything: ends the stream. Pending reads and flushes fail.</summary>
    public void OnDeadline()
    {
        if (DeadlineMs is var deadline && deadline != 0 && deadline <= _deadlines.NowMs)
            _lifetime?.Abort();
    }

    /// <summary>Begins a stream.</summary>
    public void Begin(IFeatureCollection features)
    {
        ResetExchange(_limits.BodyBytesMax);
        ResetClient();
        _features = features;
        Tls = features.Get<ClientTls>();
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _bodyReader = features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        _bodyWriter = features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        _lifetime = features.Get<IHttpRequestLifetimeFeature>();
        (_run, _pending, _holds, _bodyBytes, _isBrokenOff) = (default, default, false, 0, false);
        (_readDeadline, _writeDeadline) = (0, 0);
        _trailers.Clear();
        _bodyComplete = features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false;
        IHttpConnectionFeature? connection = features.Get<IHttpConnectionFeature>();
        var endpoints = new ClientEndpoints(
            connection?.RemoteIpAddress is { } remote ? new System.Net.IPEndPoint(remote, connection.RemotePort) : null,
            connection?.LocalIpAddress is { } local ? new System.Net.IPEndPoint(local, connection.LocalPort) : null);
        (ClientAddress, ClientPort, PeerAddressText) = (endpoints.ClientAddress, endpoints.ClientPort, endpoints.ClientAddressText);
        (ServerAddress, ServerPort) = (endpoints.ServerAddress, endpoints.ServerPort);
        _aborted = _lifetime?.RequestAborted.UnsafeRegister(static self => ((Http2Exchange)self!).OnClientGone(), this) ?? default;
    }

    /// <summary>Parses the head; false when it was refused, and answered.</summary>
    public bool ParseHead()
    {
        _head.ResetWrittenCount();
        bool written = SyntheticHead.TryWrite(_request, hasBody: !_bodyComplete, _head);
        HeadResult result = written ? HeadParser.ParseRequest(_head.WrittenSpan, Request, _limits.Heads) : default;
        if (result.Status == HeadStatus.Complete && result.Consumed == _head.WrittenCount)
        {
            BytesReceived = Request.Length;
            return true;
        }

        HasRequest = false;
        if (result.Status == HeadStatus.Bad)
            WriteRefusal(result.ErrorStatus, result.Reason!);
        else
            WriteStandardAnswer(400);
        return false;
    }

    /// <summary>Ends the answer, unless it was broken off or nobody takes it.</summary>
    public async ValueTask CompleteAsync()
    {
        if (_holds)
            _bodyReader.AdvanceTo(_takenEnd);
        _holds = false;
        if (!IsClientGone && !_isBrokenOff)
            await _features.GetRequiredFeature<IHttpResponseBodyFeature>().CompleteAsync();
    }

    /// <summary>The stream is over: lets go of Kestrel's objects.</summary>
    public void End()
    {
        _deadlines.Remove(this);
        _aborted.Dispose();
        (_features, _request, _response, _bodyReader, _bodyWriter, _lifetime) = (null!, null!, null!, null!, null!, null);
    }

    /// <summary>Kestrel answers Expect: 100-continue itself when the body is read.</summary>
    public override ValueTask ContinueAsync() => default;

    public override async ValueTask<BodyStep> ReadBodyAsync()
    {
        while (_run.IsEmpty)
        {
            if (!_pending.IsEmpty)
            {
                _run = _pending.First;
                _pending = _pending.Slice(_run.Length);
                continue;
            }

            if (_holds)
                _bodyReader.AdvanceTo(_takenEnd);
            _holds = false;
            if (_bodyComplete)
                return _runKind = _trailers.Next(_features, Request.Framing, out _run);
            if (!await FillAsync())
                return BodyStep.Bad;
            _runKind = BodyStep.Data;
        }

        return _runKind;
    }

    public override void ConsumeBodyRun() => _run = default;

    /// <summary>The answer is complete without it: Kestrel resets the stream with NO_ERROR behind the answer (RFC 9113 §8.1), and the client stops sending.</summary>
    public override void DropBody()
    {
        DropsBody = true;
        _bodyReader.CancelPendingRead();
    }

    protected override void WriteHeadCore(ResponseHead answer, int status, BodyFraming framing, long contentLength)
    {
        Status = status;
        _response.StatusCode = status;
        foreach (ref readonly HeaderField field in answer.Fields)
        {
            if (IsHopByHop(field.Known))
                continue;
            string name = Encoding.Latin1.GetString(answer.Name(field));
            _response.Headers.Append(name, Encoding.Latin1.GetString(answer.Value(field)));
        }

        WriteOwnFields();
        if (SetCookie is { } cookie)
            _response.Headers.Append("Set-Cookie", Encoding.ASCII.GetString(cookie));
        if (contentLength >= 0 && framing is BodyFraming.Length or BodyFraming.None)
            _response.Headers.ContentLength = contentLength;
    }

    protected override void WriteGatewayAnswerCore(int status, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        Status = status;
        _response.StatusCode = status;
        if (!contentType.IsEmpty)
            _response.Headers.ContentType = Encoding.ASCII.GetString(contentType);
        if (status is not (204 or 304))
            _response.Headers.ContentLength = body.Length;
        if (RetryAfterSeconds > 0)
            _response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        WriteOwnFields();
        if (Request.MethodKind != Http1.HttpMethod.Head)
            WriteBody(body);
    }

    public override void WriteBody(ReadOnlySpan<byte> run)
    {
        while (!run.IsEmpty)
        {
            Span<byte> span = _bodyWriter.GetSpan();
            if (span.IsEmpty)
            {
                // Kestrel has no room for a stream that is being reset, and tells of the reset later.
                OnClientGone();
                return;
            }

            int length = Math.Min(span.Length, run.Length);
            run[..length].CopyTo(span);
            BodyBytesSent += length;
            _bodyWriter.Advance(length);
            run = run[length..];
        }
    }

    public override void EndBody()
    {
    }

    public override void WriteTrailers(ReadOnlySpan<byte> lines)
    {
        if (_features.Get<IHttpResponseTrailersFeature>() is { } feature)
            WriteLines(lines, feature.Trailers);
    }

    public override async ValueTask<bool> FlushAsync()
    {
        try
        {
            ValueTask<FlushResult> flush = _bodyWriter.FlushAsync(_lifetime?.RequestAborted ?? default);
            if (!flush.IsCompleted)
                Set(ref _writeDeadline, _limits.SendTimeout);
            if (!(await flush).IsCompleted)
                return !IsClientGone;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As when it says that nobody takes any more.
        }
        finally
        {
            Volatile.Write(ref _writeDeadline, 0);
        }

        // Kestrel tells of the end of the stream later, by a thread of the pool.
        OnClientGone();
        return false;
    }

    public override void AbortAnswer()
    {
        _isBrokenOff = true;
        _lifetime?.Abort();
    }

    public override TransportConnection? TakeTunnel() => null;

    private static bool IsHopByHop(KnownHeader known) => known is KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ProxyConnection
        or KnownHeader.TransferEncoding or KnownHeader.Upgrade or KnownHeader.ContentLength or KnownHeader.Server or KnownHeader.NamedByConnection
        or KnownHeader.Edited or KnownHeader.Explain;

    private static void WriteLines(ReadOnlySpan<byte> lines, IHeaderDictionary to)
    {
        while (lines.IndexOf((byte)'\n') is var end and >= 0)
        {
            ReadOnlySpan<byte> line = lines[..end].TrimEnd((byte)'\r');
            int colon = line.IndexOf((byte)':');
            to.Append(Encoding.Latin1.GetString(line[..colon]), Encoding.Latin1.GetString(line[(colon + 1)..]).Trim());
            lines = lines[(end + 1)..];
        }
    }

    private void WriteOwnFields()
    {
        if (Plugins?.Response.Drops("server"u8) != true)
            _response.Headers.Server = Encoding.ASCII.GetString(_server);
        WriteLines(Plugins is { } plugins ? plugins.Response.Lines : default, _response.Headers);
        if (Account is not null)
            _response.Headers["X-Headgate-Explain"] = Encoding.ASCII.GetString(Account.Write(Status, RetryAfterSeconds));
        if (Tries.Last < 500)
            return;
        Span<byte> statuses = stackalloc byte[80];
        _response.Headers["X-APISIX-Upstream-Status"] = Encoding.ASCII.GetString(statuses[..Tries.Write(statuses)]);
    }

    private void Set(ref long deadline, TimeSpan timeout)
    {
        Volatile.Write(ref deadline, _deadlines.NowMs + Math.Max(1, (long)timeout.TotalMilliseconds));
        _deadlines.Add(this);
    }

    private async ValueTask<bool> FillAsync()
    {
        try
        {
            Set(ref _readDeadline, _limits.BodyTimeout);
            ReadResult result = await _bodyReader.ReadAsync(_lifetime?.RequestAborted ?? default);
            (_pending, _takenEnd, _holds) = (result.Buffer, result.Buffer.End, true);
            if (result.IsCanceled || DropsBody)
            {
                BodyFailureStatus = 499;
                return false;
            }

            _bodyComplete = result.IsCompleted;
            _bodyBytes += result.Buffer.Length;
            BytesReceived += result.Buffer.Length;
            if (BodyBytesMax == 0 || _bodyBytes <= BodyBytesMax)
                return true;
            BodyFailureStatus = 413;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            BodyFailureStatus = 499;
        }
        finally
        {
            Volatile.Write(ref _readDeadline, 0);
        }

        return false;
    }
}
