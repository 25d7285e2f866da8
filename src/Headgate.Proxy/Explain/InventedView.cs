using System.Text;
using Headgate.Core.Primitives;
using Headgate.Core.Snapshot.Explain;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Explain;

/// <summary>An invented request as matching and balancing see it: written as a head and read by the parser that reads clients' heads, so that both see the same.</summary>
internal sealed class InventedView(InventedRequest request) : IRequestView
{
    private readonly RequestHead _head = new();
    private readonly byte[] _scheme = Encoding.ASCII.GetBytes(request.Scheme);

    /// <summary>The head.</summary>
    public RequestHead Head => _head;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Method => _head.Method;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Host => _head.Host;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Path => _head.Path;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RequestUri => _head.RequestUri;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Query => _head.Query;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Scheme => _scheme;

    /// <inheritdoc/>
    public UInt128 ClientAddress => request.ClientAddress;

    /// <inheritdoc/>
    public int ClientPort => 0;

    /// <inheritdoc/>
    public UInt128 ServerAddress { get; } = ((UInt128)0xffff << 32) | 0x7f00_0001;

    /// <inheritdoc/>
    public int ServerPort => 0;

    /// <inheritdoc/>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => _head.TryGet(name, out value);

    /// <summary>Parses the request; the refusal when a client that sent it would be refused for its head.</summary>
    public HeadResult Parse(HeadLimits limits)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append(' ').Append(request.Target).Append(" HTTP/1.1\r\nHost: ").Append(request.Host).Append("\r\n");
        foreach ((string name, string value) in request.Headers)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        byte[] head = Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
        HeadResult result = HeadParser.ParseRequest(head, _head, limits);

        // A line end in one of the pieces would have made another request of it.
        bool isWhole = result.Status == HeadStatus.Complete && result.Consumed == head.Length && LinesOf(head) == request.Headers.Count + 3;
        return result.Status == HeadStatus.Bad || isWhole ? result : new HeadResult(HeadStatus.Bad, 0, 400, "There is a line end in the request's method, path, host or a header field.");
    }

    private static int LinesOf(ReadOnlySpan<byte> head) => head.Count((byte)'\n');
}
