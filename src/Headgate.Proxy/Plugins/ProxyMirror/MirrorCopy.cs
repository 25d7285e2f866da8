using System.Buffers;
using System.Net.Http;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary>
/// A copy of one request: its head as the node would get it, and its body as it passes. Filled by the request's flow; when it is whole a thread of the pool takes it over, sends it, and gives it
/// back, whatever becomes of the request meanwhile.
/// </summary>
internal sealed class MirrorCopy(MirrorBounds bounds) : BodyTap, IThreadPoolWorkItem
{
    // What is kept of memory for heads from request to request.
    private const int HeadKeptMax = 16_384;

    private MirrorTarget _target = null!;
    private byte[] _head = [];
    private int _targetLength;
    private int _headLength;
    private byte[] _body = [];
    private int _bodyLength;
    private bool _hasBody;
    private bool _isDropped;

    /// <summary>Begins with the path and query that it is to go to.</summary>
    public void Begin(MirrorTarget target, scoped ReadOnlySpan<byte> path, scoped ReadOnlySpan<byte> behind)
    {
        (_target, _bodyLength, _hasBody, _isDropped, _headLength) = (target, 0, false, false, 0);
        _targetLength = path.Length + behind.Length;
        Ensure(_targetLength);
        path.CopyTo(_head);
        behind.CopyTo(_head.AsSpan(path.Length));
    }

    /// <summary>Takes the request's head as it stands, and sends the copy when it is whole: now, or when the body's last byte has come.</summary>
    public void Complete(PluginContext context)
    {
        CopyHead(context.Exchange, context.Upstream, context.Forwarded);
        _hasBody = context.RequestBody.Exists;
        if (_hasBody)
            context.RequestBody.Tap(this);
        else
            OnEnd(isWhole: true);
    }

    /// <summary>It is not sent.</summary>
    public void Drop() => GiveBack();

    /// <inheritdoc/>
    public override void OnRun(ReadOnlySpan<byte> run)
    {
        if (_isDropped || !TryMakeRoom(run.Length))
            return;
        run.CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += run.Length;
    }

    /// <inheritdoc/>
    public override void OnEnd(bool isWhole)
    {
        if (isWhole && !_isDropped)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            GiveBack();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private async Task SendAsync()
    {
        MirroredBody? body = _hasBody ? new MirroredBody(_body.AsMemory(0, _bodyLength)) : null;
        try
        {
            using (HttpRequestMessage request = MakeRequest(body))
                await _target.SendAsync(request);
            if (body is not null)
                await body.Sending;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException or HttpRequestException or UriFormatException)
        {
            // It broke off, which was said already where it matters.
        }
        finally
        {
            GiveBack();
        }
    }

    private HttpRequestMessage MakeRequest(MirroredBody? body)
    {
        ReadOnlySpan<byte> head = _head.AsSpan(_targetLength, _headLength);
        var request = new HttpRequestMessage(new System.Net.Http.HttpMethod(Encoding.ASCII.GetString(head[..head.IndexOf((byte)' ')])), _target.Url(Encoding.ASCII.GetString(_head, 0, _targetLength)))
        {
            Content = body,
        };
        for (head = Behind(head); head.IndexOf((byte)':') is var colon and > 0; head = Behind(head))
        {
            string name = Encoding.ASCII.GetString(head[..colon]);
            string value = Encoding.Latin1.GetString(head[(colon + 1)..head.IndexOf((byte)'\n')]).Trim();
            if (request.Headers.TryAddWithoutValidation(name, value))
                continue;
            request.Content ??= new ByteArrayContent([]); // where the framework keeps fields such as Content-Type
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> lines) => lines[(lines.IndexOf((byte)'\n') + 1)..];

    private void CopyHead(Exchange exchange, UpstreamSnapshot? upstream, RequestEdits edits)
    {
        RequestHead request = exchange.Request;
        var forwarding = new RequestForwarding
        {
            Host = upstream?.Config.PassHost switch
            {
                PassHost.Rewrite => upstream.RewriteHost,
                PassHost.Node => _target.Authority, // no node is picked yet
                _ when !edits.Host.IsEmpty => edits.Host,
                _ => request.Authority.IsEmpty ? _target.Authority : request.Authority,
            },
            ClientAddress = exchange.ClientAddressText,
            ForwardedProto = exchange.Scheme,
            ForwardedHost = request.Host,
            ForwardedPort = request.HostPort > 0 ? request.HostPort : exchange.ServerPort,
            Framing = BodyFraming.None, // the client's library writes it
            Edits = upstream?.Policies?.Headers,
            PluginEdits = edits,
        };
        Ensure(_targetLength + HeadWriter.RequestSizeMax(request, forwarding));
        _headLength = HeadWriter.WriteRequest(_head.AsSpan(_targetLength), request, forwarding);
    }

    private void Ensure(int length)
    {
        if (_head.Length < length)
            Array.Resize(ref _head, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length));
    }

    private bool TryMakeRoom(int length)
    {
        int needed = _bodyLength + length;
        if (needed <= _body.Length)
            return true;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(_body.Length * 2L, Array.MaxLength)));
        if (bounds.TryHold(larger.Length - _body.Length))
        {
            _body.AsSpan(0, _bodyLength).CopyTo(larger);
            Return(_body);
            _body = larger;
            return true;
        }

        ArrayPool<byte>.Shared.Return(larger);
        _isDropped = true;
        bounds.Drop(_target);
        return false;
    }

    private void GiveBack()
    {
        int held = _body.Length;
        Return(_body);
        _body = [];
        if (_head.Length > HeadKeptMax)
            _head = [];
        bounds.End(this, held);
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
