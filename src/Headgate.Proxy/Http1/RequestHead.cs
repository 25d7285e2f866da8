namespace Headgate.Proxy.Http1;

/// <summary>A parsed request head. Ranges are of <see cref="MessageHead.Bytes"/> unless said otherwise.</summary>
public sealed class RequestHead : MessageHead
{
    private byte[] _path = new byte[256];
    private int _pathLength;
    private bool _pathIsRaw;

    internal int MethodLength;
    internal int TargetStart;
    internal int TargetLength;
    internal int RawPathStart;
    internal int RawPathLength;
    internal int QueryStart;
    internal int QueryLength;

    /// <summary>Which method; <see cref="HttpMethod.Other"/> for an extension method.</summary>
    public HttpMethod MethodKind { get; internal set; }

    /// <summary>Method as sent.</summary>
    public ReadOnlySpan<byte> Method => Bytes[..MethodLength];

    /// <summary>What to send on as request target: path and query in origin-form (an absolute-form target is reduced to it), or <c>*</c>.</summary>
    public ReadOnlySpan<byte> RequestUri => Slice(TargetStart, TargetLength);

    /// <summary>Query without the question mark.</summary>
    public ReadOnlySpan<byte> Query => Slice(QueryStart, QueryLength);

    /// <summary>Path for matching: percent-decoded, double slashes and dot segments resolved, as nginx's <c>$uri</c>.</summary>
    public ReadOnlySpan<byte> Path => _pathIsRaw ? Slice(RawPathStart, RawPathLength) : _path.AsSpan(0, _pathLength);

    /// <summary>Host from the target's authority or the Host field, lower-cased, without port; IPv6 with brackets; empty when none was sent (HTTP/1.0).</summary>
    public ReadOnlySpan<byte> Host => _host.AsSpan(0, _hostLength);

    /// <summary>Host with port as it is sent on by <c>pass_host: pass</c>.</summary>
    public ReadOnlySpan<byte> Authority => Slice(AuthorityStart, AuthorityLength);

    /// <summary>Port named in the authority; −1 when none.</summary>
    public int HostPort { get; internal set; }

    /// <summary>The client waits for 100 (Continue) before it sends the body.</summary>
    public bool ExpectContinue { get; internal set; }

    /// <summary>The client asks for an upgrade to WebSocket (RFC 6455 §4.1: GET, HTTP/1.1, no body, Connection: upgrade, Upgrade: websocket and nothing else).</summary>
    public bool IsWebSocketUpgrade { get; internal set; }

    /// <summary>The client takes trailers (TE: trailers).</summary>
    public bool AcceptsTrailers { get; internal set; }

    internal int AuthorityStart;
    internal int AuthorityLength;
    private byte[] _host = new byte[64];
    private int _hostLength;

    /// <summary>The path needs no decoding: match on the bytes as sent.</summary>
    internal void SetRawPath() => _pathIsRaw = true;

    /// <summary>A buffer of at least <paramref name="capacity"/> bytes for the decoded path; follow with <see cref="SetDecodedPath"/>.</summary>
    internal Span<byte> DecodedPathBuffer(int capacity)
    {
        if (_path.Length < capacity)
            _path = new byte[capacity];
        return _path;
    }

    /// <summary>Length of what was written into <see cref="DecodedPathBuffer"/>.</summary>
    internal void SetDecodedPath(int length) => (_pathIsRaw, _pathLength) = (false, length);

    /// <summary>A buffer for the lower-cased host; follow with <see cref="SetHostLength"/>.</summary>
    internal Span<byte> HostBuffer(int capacity)
    {
        if (_host.Length < capacity)
            _host = new byte[capacity];
        return _host;
    }

    /// <summary>Length of what was written into <see cref="HostBuffer"/>.</summary>
    internal void SetHostLength(int length) => _hostLength = length;

    /// <inheritdoc/>
    internal override HeadFault? TakeField(in HeaderField field, ReadOnlySpan<byte> value, ref FieldFacts facts) =>
        RequestFields.Take(this, field.Known, value, ref facts);

    /// <inheritdoc/>
    internal override void Reset()
    {
        base.Reset();
        MethodKind = HttpMethod.Other;
        (MethodLength, TargetStart, TargetLength) = (0, 0, 0);
        (RawPathStart, RawPathLength, QueryStart, QueryLength) = (0, 0, 0, 0);
        (AuthorityStart, AuthorityLength, _hostLength, HostPort) = (0, 0, 0, -1);
        (_pathIsRaw, _pathLength) = (true, 0);
        (ExpectContinue, IsWebSocketUpgrade, AcceptsTrailers) = (false, false, false);
    }
}
