using System.Net.Http;
using Headgate.Proxy.Calls;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Posts batches. Servers are few and slow: the framework's client does, on threads of the pool. Thread-safe.</summary>
internal static class HttpPosts
{
    private static readonly HttpClient Verifying = Client(verifies: true);
    private static readonly HttpClient Trusting = Client(verifies: false);

    /// <summary>Sends one; null when it was taken, else the reason. <paramref name="verifies"/>: the server's certificate.</summary>
    public static async ValueTask<string?> SendAsync(HttpRequestMessage request, bool verifies, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        try
        {
            // A completion may run on a thread that serves traffic.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            using HttpResponseMessage answer = await (verifies ? Verifying : Trusting).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return (int)answer.StatusCode < 400 ? null : $"it answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.Message;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {patience.TotalSeconds:0} s";
        }
        finally
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    private static HttpClient Client(bool verifies) => CallClients.Make(new CallTerms(verifies, KeepsAlive: true, TimeSpan.FromSeconds(60)));
}
