using Headgate.Core.Primitives;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy;

/// <summary>
/// One request and its answer as the pipeline sees them, whatever protocol the client speaks. One instance serves all requests of an HTTP/1.1 connection,
/// one after the other, or all streams of its kind from a pool. The pipeline reads the body and writes the answer; both may go on at the same time,
/// each by one flow of control.
/// </summary>
public abstract class Exchange : IRequestView
{
    private TransportConnection? _linked;
    private IClientWatcher? _watcher;
    private int _clientGone;
    private PluginContext? _pluginContext;
    private RequestTrace? _trace;

    // Whose address a plugin has put in the place of the peer's for this request.
    private byte[]? _claimedText;
    private int _claimedLength;
    private (UInt128 Address, int Port) _peer;

    // Written by the flow that answers, read by the one that reads the body.
    private bool _dropsBody;

    /// <summary>The request's head.</summary>
    public RequestHead Request { get; } = new();

    /// <summary>What happened in the tries so far.</summary>
    public TryStatuses Tries { get; } = new();

    /// <summary>What was used up of the upstream's retries.</summary>
    public RequestRetries Retries { get; } = new();

    /// <summary>How long the node of the present try took to begin its answer (<c>NodeLatency.AnswerTime</c>); null = it has not, or it is not known.</summary>
    internal TimeSpan? AnswerTime { get; set; }

    /// <summary>Body bytes that were sent to a node and may have to be sent again.</summary>
    public BodyReplay Replay { get; } = new();

    /// <summary>The sending of the body to a node.</summary>
    public BodyUpload Upload { get; } = new();

    /// <summary>What was agreed on with the client in TLS; null = it came in clear text.</summary>
    internal ClientTls? Tls { get; set; }

    /// <summary>What is noted of the request for those who look at it afterwards; null when nobody does.</summary>
    internal RequestTrace? Trace { get; private set; }

    /// <summary>What plugins do with the request; null when its route has none.</summary>
    internal PluginContext? Plugins { get; private set; }

    /// <summary>What plugins make of the body of the node's answer whose head was written last; null, as mostly, when it passes as it is.</summary>
    internal ResponseBody? ChangedBody { get; private set; }

    /// <summary>What is done with the request, when its answer is to say so; null, as nearly always, otherwise.</summary>
    internal RequestAccount? Account { get; set; }

    /// <summary>The client as text, for the forwarded headers. ASCII.</summary>
    public ReadOnlySpan<byte> ClientAddressText => _claimedLength > 0 ? _claimedText.AsSpan(0, _claimedLength) : PeerAddressText;

    /// <summary>The peer as text.</summary>
    protected byte[] PeerAddressText { get; set; } = [];

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Method => Request.Method;

    /// <summary>The method that nodes get, which plugins may have changed: it decides whether a request may be sent twice.</summary>
    internal HttpMethod ForwardedMethodKind => Plugins is { Forwarded.Method: { IsEmpty: false } method } ? HttpMethods.Find(method) : Request.MethodKind;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Host => Request.Host;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Path => Request.Path;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RequestUri => Request.RequestUri;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Query => Request.Query;

    /// <inheritdoc/>
    public abstract ReadOnlySpan<byte> Scheme { get; }

    /// <inheritdoc/>
    public UInt128 ClientAddress { get; protected set; }

    /// <inheritdoc/>
    public int ClientPort { get; protected set; }

    /// <inheritdoc/>
    public UInt128 ServerAddress { get; protected set; }

    /// <inheritdoc/>
    public int ServerPort { get; protected set; }

    /// <inheritdoc/>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) =>
        Plugins is { } plugins ? plugins.Forwarded.TryGet(name, out value) : Request.TryGet(name, out value);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> ConsumerName => Plugins?.Consumer is { } consumer ? consumer.Name : default;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> ConsumerGroupId => Plugins?.Consumer is { } consumer ? consumer.GroupId : default;

    /// <summary>Asks a client that waits for it (Expect: 100-continue) to send the body. Called before the first read, while nothing else is written.</summary>
    public abstract ValueTask ContinueAsync();

    /// <summary>
    /// Waits for the next run of the body. <see cref="BodyStep.Data"/>: it is in <see cref="BodyRun"/>; <see cref="BodyStep.Trailers"/>: the trailer lines are;
    /// <see cref="BodyStep.End"/>: there is no more; <see cref="BodyStep.Bad"/>: the client broke the protocol, a limit or the connection, and
    /// <see cref="BodyFailureStatus"/> says what to answer. Never <see cref="BodyStep.NeedMore"/>.
    /// </summary>
    public abstract ValueTask<BodyStep> ReadBodyAsync();

    /// <summary>The run found by the last <see cref="ReadBodyAsync"/>; valid until <see cref="ConsumeBodyRun"/>.</summary>
    public abstract ReadOnlySpan<byte> BodyRun { get; }

    /// <summary>Gives the run up.</summary>
    public abstract void ConsumeBodyRun();

    /// <summary>Whether a further <see cref="ReadBodyAsync"/> would have to wait: what was collected for the node should be sent first.</summary>
    public abstract bool BodyNeedsWait { get; }

    /// <summary>Bytes that the body may have; 0 = any number. The gateway's limit, unless a plugin has set another.</summary>
    public long BodyBytesMax { get; internal set; }

    /// <summary>Whether the body is not announced to be longer than <see cref="BodyBytesMax"/>.</summary>
    internal bool MayHaveBody => BodyBytesMax == 0 || Request.ContentLength <= BodyBytesMax;

    /// <summary>Status for a body that failed: 400 or 413; 499 when the client is gone or too slow.</summary>
    public int BodyFailureStatus { get; protected set; }

    /// <summary>Whether the client's body has been read to its end.</summary>
    public abstract bool IsBodyComplete { get; }

    /// <summary>Nobody needs the rest of the body: whoever reads it drops it.</summary>
    public bool DropsBody
    {
        get => Volatile.Read(ref _dropsBody);
        protected set => Volatile.Write(ref _dropsBody, value);
    }

    /// <summary>Sets <see cref="DropsBody"/>; the client has little time from now on.</summary>
    public abstract void DropBody();

    /// <summary>The status that was sent to the client; 0 = none yet.</summary>
    public int Status { get; protected set; }

    /// <inheritdoc/>
    public int AnswerStatus => Plugins is { Response.Status: > 0 and var status } ? status : Status;
    /// <summary>The protocol the client speaks, as request lines name it.</summary>
    public virtual ReadOnlySpan<byte> Protocol => Request.VersionMinor == 0 ? "HTTP/1.0"u8 : "HTTP/1.1"u8;

    /// <summary>Whether there is a request: false for a head that was refused, of which nothing may be read.</summary>
    public bool HasRequest { get; protected set; } = true;

    /// <summary>Bytes of the request so far: head and body, without what frames the body.</summary>
    public long BytesReceived { get; protected internal set; }

    /// <summary>Bytes of the answer's body that were written so far, without what frames it.</summary>
    public long BodyBytesSent { get; protected internal set; }

    /// <summary>Bytes of the answer's head and of what frames its body that were written so far; of HTTP/2, whose heads are compressed, 0.</summary>
    public long HeadBytesSent { get; protected set; }

    /// <summary>Whether a head was written: nothing can be tried again and no other answer given.</summary>
    public bool HasAnswer => Status != 0;

    /// <summary>Value of a Set-Cookie that the gateway adds to a node's answer; null = none.</summary>
    public byte[]? SetCookie { get; set; }

    /// <summary>Value of Retry-After in an answer of the gateway's own, seconds; 0 = no such field.</summary>
    public int RetryAfterSeconds { get; set; }

    /// <summary>Writes the head of a node's answer. Not sent before <see cref="FlushAsync"/>.</summary>
    public void WriteHead(ResponseHead answer)
    {
        if (Plugins is { } plugins)
            WriteSeenHead(answer, plugins);
        else
            WriteHeadCore(answer, answer.Status, answer.Framing, answer.ContentLength);
    }

    /// <summary>Writes an answer of the gateway's own, head and body, and completes it. <paramref name="body"/> is left out for HEAD.</summary>
    public void WriteGatewayAnswer(int status, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        if (Plugins is { } plugins)
            WriteSeenAnswer(status, contentType, body, plugins);
        else
            WriteGatewayAnswerCore(status, contentType, body);
    }

    /// <summary>
    /// As <see cref="WriteHead"/>, with what plugins have changed: the status, how the end of the body is known, and its length, −1 = not known. A length without a body
    /// is only announced.
    /// </summary>
    protected abstract void WriteHeadCore(ResponseHead answer, int status, BodyFraming framing, long contentLength);

    /// <summary>As <see cref="WriteGatewayAnswer"/>, with what plugins have changed.</summary>
    protected abstract void WriteGatewayAnswerCore(int status, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body);

    /// <summary>Writes the gateway's own answer for <paramref name="status"/> with its standard body (docs/reference/errors.md).</summary>
    public void WriteStandardAnswer(int status) => WriteGatewayAnswer(status, GatewayBodies.ContentType(status), GatewayBodies.Body(status));

    /// <summary>Writes the answer to a request that was refused for <paramref name="reason"/>, a constant text.</summary>
    public void WriteRefusal(int status, string reason)
    {
        Span<byte> body = stackalloc byte[512];
        int length = reason.Length <= 480 ? GatewayBodies.WriteReason(body, reason) : 0;
        WriteGatewayAnswer(status, "text/plain; charset=utf-8"u8, body[..length]);
    }

    /// <summary>Writes a run of the answer's body.</summary>
    public abstract void WriteBody(ReadOnlySpan<byte> run);

    /// <summary>Writes trailer lines, checked, each with its CRLF; dropped where the client cannot take any. May be called more than once, after the last run.</summary>
    public abstract void WriteTrailers(ReadOnlySpan<byte> lines);

    /// <summary>Ends the answer's body.</summary>
    public abstract void EndBody();

    /// <summary>Sends what was written; false when the client is gone, which <see cref="IsClientGone"/> says from then on.</summary>
    public abstract ValueTask<bool> FlushAsync();

    /// <summary>Has what was written sent a moment later, together with what follows closely; false when <see cref="FlushAsync"/> is to be waited for instead.</summary>
    public virtual bool TryFlushSoon() => false;

    /// <summary>
    /// Takes the head of an answer back of which the client has seen nothing yet, because <see cref="TryFlushSoon"/> has put it off: as if there had been no answer.
    /// False when it is too late.
    /// </summary>
    public virtual bool TryTakeBackHead() => false;

    /// <summary>The answer cannot be finished: the client must not take what it has for the whole.</summary>
    public abstract void AbortAnswer();

    /// <summary>The client's byte stream after a switch of protocols; null where there is none (HTTP/2).</summary>
    public abstract TransportConnection? TakeTunnel();

    private void WriteSeenHead(ResponseHead answer, PluginContext plugins)
    {
        bool isHead = Request.MethodKind == HttpMethod.Head;
        plugins.OnHead(answer.Status, answer, default, answer.Framing == BodyFraming.None && !isHead ? 0 : answer.ContentLength);
        int status = plugins.Response.Status;
        bool takesBody = !isHead && HasBody(status);
        bool isChanged = plugins.Body.IsChanged || status != answer.Status;
        ChangedBody = (takesBody && plugins.Body.IsChanged) || (!takesBody && answer.Framing != BodyFraming.None) ? plugins.Body : null;
        if (!takesBody && ChangedBody is not null)
            plugins.Body.Replace(default); // the node's has nowhere to go
        long length = !isChanged ? answer.ContentLength : HasBody(status) ? plugins.Body.Length : -1;
        BodyFraming framing = !isChanged ? answer.Framing : !takesBody ? BodyFraming.None : length >= 0 ? BodyFraming.Length : BodyFraming.Chunked;
        WriteHeadCore(answer, status, framing, length);
    }

    private void WriteSeenAnswer(int status, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body, PluginContext plugins)
    {
        plugins.OnHead(status, null, contentType, body.Length);
        status = plugins.Response.Status;
        if (!HasBody(status))
            body = default;
        else if (plugins.Body.IsChanged)
            body = plugins.ChangeOwnBody(body, ref status);
        WriteGatewayAnswerCore(status, plugins.Response.Drops("content-type"u8) ? default : contentType, body);
    }

    private static bool HasBody(int status) => status is >= 200 and not (204 or 304);

    /// <summary>Whether the client has gone away. Once true it stays so for the exchange.</summary>
    public bool IsClientGone => Volatile.Read(ref _clientGone) != 0;

    /// <summary>
    /// Ties a connection to a node to this exchange: it is aborted when the client goes away, so that a node does no work that nobody waits for.
    /// False when the client has gone already.
    /// </summary>
    public bool Link(TransportConnection node)
    {
        Volatile.Write(ref _linked, node);
        return !IsClientGone;
    }

    /// <summary>Unties it. False when it was aborted on the client's account meanwhile: it must not be used again.</summary>
    public bool Unlink() => Interlocked.Exchange(ref _linked, null) is not null;

    /// <summary>Has <paramref name="watcher"/> told when the client goes away, until <see cref="Unwatch"/>; false when it has gone already, and then it may have been told.</summary>
    internal bool Watch(IClientWatcher watcher)
    {
        Interlocked.Exchange(ref _watcher, watcher);
        return !IsClientGone;
    }

    /// <summary>Nobody is told any more; a call that is under way still ends.</summary>
    internal void Unwatch() => Volatile.Write(ref _watcher, null);

    /// <summary>The client is gone. Any thread.</summary>
    protected internal void OnClientGone()
    {
        Interlocked.Exchange(ref _clientGone, 1);
        Interlocked.Exchange(ref _linked, null)?.Abort(EndCause.NotNeeded);
        Interlocked.Exchange(ref _watcher, null)?.OnClientGone();
    }

    /// <summary>Somebody looks at the request afterwards. <paramref name="writer"/>: as <see cref="RequestTrace.Writer"/>.</summary>
    internal RequestTrace BeginTrace(int writer, bool notesPicks = false)
    {
        Trace = _trace ??= new RequestTrace();
        Trace.Begin(writer, notesPicks);
        return Trace;
    }

    /// <summary>The request has plugins: its route's, or global rules.</summary>
    internal PluginContext BeginPlugins(GatewaySnapshot snapshot, RouteSnapshot? route, DeadlineWheel clock, int writer)
    {
        Plugins = _pluginContext ??= new PluginContext(this);
        Plugins.Begin(snapshot, route, clock, writer);
        return Plugins;
    }

    /// <summary>Makes the instance ready for its next request, whose body may have so many bytes; 0 = any number.</summary>
    protected void ResetExchange(long bodyBytesMax)
    {
        if (_claimedLength > 0)
            (ClientAddress, ClientPort, _claimedLength) = (_peer.Address, _peer.Port, 0);
        (Plugins, ChangedBody, Trace) = (null, null, null);
        BodyBytesMax = bodyBytesMax;
        HasRequest = true;
        (BytesReceived, BodyBytesSent, HeadBytesSent) = (0, 0, 0);
        Tries.Clear();
        AnswerTime = null;
        Replay.Clear();
        Upload.Clear();
        Status = 0;
        BodyFailureStatus = 0;
        DropsBody = false;
        SetCookie = null;
        RetryAfterSeconds = 0;
        Account = null; // the next request on the connection may be another client's
    }

    /// <summary>Puts an address in the place of the peer's, for this request.</summary>
    internal void SetClient(UInt128 address, int port)
    {
        if (_claimedLength == 0)
            _peer = (ClientAddress, ClientPort);
        (ClientAddress, ClientPort) = (address, port);
        _claimedLength = AddressText.Format(address, _claimedText ??= new byte[AddressText.BytesMax]);
    }

    /// <summary>A client that is gone does not come back on its connection; an instance that goes to another client begins anew.</summary>
    protected void ResetClient() => Volatile.Write(ref _clientGone, 0);
}
