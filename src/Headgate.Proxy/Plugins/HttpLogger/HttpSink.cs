using System.Net.Http;
using System.Net.Http.Headers;
using Headgate.Proxy.Plugins.Calls;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.HttpLogger;

/// <summary>Posts entries. Servers are few and slow: the framework's client does, on threads of the pool.</summary>
internal sealed class HttpSink(HttpLoggerConfig config) : ILogSink
{
    private static readonly HttpClient Verifying = Client(verifies: true);
    private static readonly HttpClient Trusting = Client(verifies: false);

    /// <inheritdoc/>
    public string Name => $"{config.Uri.Scheme}://{config.Uri.Authority}";

    /// <inheritdoc/>
    public async ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken)
    {
        // A completion may run on a thread that serves traffic.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var request = new HttpRequestMessage(HttpMethod.Post, config.Uri) { Content = new ReadOnlyMemoryContent(Body(entries, count)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(config.IsLines ? "text/plain" : "application/json");
        if (config.AuthHeader is not null)
            request.Headers.TryAddWithoutValidation("Authorization", config.AuthHeader);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(config.Timeout);
        try
        {
            using HttpResponseMessage answer = await (config.VerifiesTls ? Verifying : Trusting).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return (int)answer.StatusCode < 400 ? null : $"it answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.Message;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {config.Timeout.TotalSeconds:0} s";
        }
        finally
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
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

    private static HttpClient Client(bool verifies) => CallClients.Make(new CallTerms(verifies, KeepsAlive: true, TimeSpan.FromSeconds(60)));
}
