using System.Net.Http;
using System.Net.Http.Headers;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.HttpLogger;

/// <summary>Posts entries.</summary>
internal sealed class HttpSink(HttpLoggerConfig config) : ILogSink
{
    /// <inheritdoc/>
    public string Name => $"{config.Uri.Scheme}://{config.Uri.Authority}";

    /// <inheritdoc/>
    public async ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, config.Uri) { Content = new ReadOnlyMemoryContent(Body(entries, count)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(config.IsLines ? "text/plain" : "application/json");
        if (config.AuthHeader is not null)
            request.Headers.TryAddWithoutValidation("Authorization", config.AuthHeader);
        return await HttpPosts.SendAsync(request, config.VerifiesTls, config.Timeout, cancellationToken);
    }

    /// <summary>A single entry stands alone when batches are of one, as APISIX sends it.</summary>
    private ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> entries, int count)
    {
        ReadOnlyMemory<byte> lines = entries[..^1];
        if (config.IsLines || config.Batch.BatchMaxSize == 1)
            return lines;
        byte[] array = new byte[lines.Length + 2];
        lines.CopyTo(array.AsMemory(1));
        array.AsSpan().Replace((byte)'\n', (byte)','); // entries have none of their own
        (array[0], array[^1]) = ((byte)'[', (byte)']');
        return array;
    }
}
