using System.Net;
using System.Net.Http;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary>A body whose memory is given back: it says when nothing reads it any more, which an answer that comes early does not.</summary>
internal sealed class MirroredBody(ReadOnlyMemory<byte> body) : HttpContent
{
    /// <summary>The sending, or the latest when the client's library sends it again; it has ended, or will soon when the request is disposed of.</summary>
    public Task Sending { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Sending = stream.WriteAsync(body, cancellationToken).AsTask();

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
