using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Calls;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.ForwardAuth;

/// <summary>Asks the server, on threads of the pool. Thread-safe; never throws.</summary>
internal sealed class AuthorizationServer(ForwardAuthConfig config, HttpClient client, ILogger logger)
{
    /// <summary>The longest body of a refusal.</summary>
    public const int BodyBytesMax = 65_536;

    private readonly string _name = $"{config.Uri.Scheme}://{config.Uri.Authority}";

    // 1 = it could not be asked the last time. Written by every call; only a change is logged.
    private int _isLost;

    /// <summary>What the server says; <see cref="AuthorizationAnswer.None"/> when it cannot be asked, or the client is <paramref name="gone"/>.</summary>
    public async Task<AuthorizationAnswer> AskAsync(HttpRequestMessage request, CancellationToken gone)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // away from the thread that serves traffic
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(gone);
        timeout.CancelAfter(config.Timeout);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            AuthorizationAnswer read = await ReadAsync(answer, timeout.Token);
            if (Interlocked.Exchange(ref _isLost, 0) != 0)
                ForwardAuthLog.AuthorizationFound(logger, _name);
            return read;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidDataException)
        {
            return Lost(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return gone.IsCancellationRequested ? AuthorizationAnswer.None : Lost($"no answer within {config.Timeout.TotalMilliseconds:0} ms");
        }
        finally
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // completions run on a thread that serves all sockets
        }
    }

    private async Task<AuthorizationAnswer> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        int status = (int)answer.StatusCode;
        if (status is < 200 or > 599)
            throw new InvalidDataException($"it answered {status}");
        var fields = new List<(byte[], byte[])>();
        foreach (string name in status < 300 ? config.UpstreamHeaders : config.ClientHeaders)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(name);
            foreach (string value in Values(answer, name))
                fields.Add((bytes, Bytes(value)));
        }

        return new AuthorizationAnswer(status, fields, status < 300 ? [] : await CallBody.ReadAsync(answer.Content, BodyBytesMax, cancellationToken));
    }

    private static HeaderStringValues Values(HttpResponseMessage answer, string name)
    {
        if (answer.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
            return values;
        answer.Content.Headers.NonValidated.TryGetValues(name, out values);
        return values;
    }

    private static byte[] Bytes(string value)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(value);
        return bytes.AsSpan().ContainsAny(ByteSets.Control) ? throw new InvalidDataException("a field of its answer has a control character") : bytes;
    }

    private AuthorizationAnswer Lost(string reason)
    {
        if (Interlocked.Exchange(ref _isLost, 1) == 0)
            ForwardAuthLog.AuthorizationLost(logger, _name, reason);
        return AuthorizationAnswer.None;
    }
}
