using System.Net.Http;
using System.Text;
using Headgate.Core.Discovery;
using Headgate.Proxy.Calls;

namespace Headgate.Proxy.Registries;

/// <summary>
/// The servers of a registry that speaks HTTP: a question goes to the one that answered last, and to the next when that one is silent, refuses the connection or answers 5xx. Answers are
/// bounded, each server has its time. Thread-safe.
/// </summary>
internal sealed class RegistryServers : IDisposable
{
    private readonly ServerTurns<Uri> _turns;
    private readonly RegistryServerTerms _terms;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    /// <param name="servers">Base addresses, at least one, without user information; paths of questions are appended.</param>
    /// <param name="terms">How they are asked.</param>
    /// <param name="time">Clock of the limits.</param>
    public RegistryServers(IEnumerable<Uri> servers, RegistryServerTerms terms, TimeProvider time)
    {
        (_turns, _terms, _time) = (new ServerTurns<Uri>([.. servers]), terms, time);
        _http = CallClients.Make(new CallTerms(terms.VerifiesTls, KeepsAlive: true, IdleTimeout: TimeSpan.FromSeconds(60))
        {
            ConnectTimeout = terms.ConnectTimeout,
            AuthoritiesPem = terms.AuthoritiesPem,
            ProbesQuietServers = true, // a question may wait for a minute, a watch for longer
        });
    }

    /// <summary>The server that is asked first now: scheme, host and port, for texts.</summary>
    public string Current => Name(_turns.First);

    /// <summary>
    /// Asks until a server answers with less than 500. <paramref name="make"/> makes the request anew for each server, from its base address (which ends in a slash) on.
    /// </summary>
    /// <param name="make">Makes the request.</param>
    /// <param name="timeout">How long a server may take for all of its answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RegistryException">None did.</exception>
    public Task<RegistryReply> AskAsync(Func<Uri, HttpRequestMessage> make, TimeSpan timeout, CancellationToken cancellationToken) =>
        TryEachAsync(server => AskAsync(server, make, timeout, cancellationToken));

    /// <summary>As <see cref="ServerTurns{T}.TryEachAsync"/>: for whom a question is more than one request.</summary>
    /// <exception cref="RegistryException">It succeeds with none.</exception>
    public Task<T> TryEachAsync<T>(Func<Uri, Task<T>> ask) => _turns.TryEachAsync(ask);

    /// <summary>Asks <paramref name="server"/> alone.</summary>
    /// <exception cref="RegistryException">It does not answer in time, or with 500 and more.</exception>
    public async Task<RegistryReply> AskAsync(Uri server, Func<Uri, HttpRequestMessage> make, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        using HttpResponseMessage answer = await SendAsync(server, make, timeout, cancellationToken);
        string path = answer.RequestMessage!.RequestUri!.AbsolutePath;
        if ((int)answer.StatusCode >= 500)
            throw new RegistryException($"{Name(server)} answers {(int)answer.StatusCode} to {path}");
        TimeSpan left = timeout - _time.GetElapsedTime(began);
        byte[] body = await WithinAsync(
            server, left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), token => CallBody.ReadAsync(answer.Content, _terms.AnswerBytesMax, token), cancellationToken);
        return new RegistryReply(Name(server), path, (int)answer.StatusCode, answer.Headers, body);
    }

    /// <summary>As <see cref="AskAsync(Func{Uri, HttpRequestMessage}, TimeSpan, CancellationToken)"/> with a GET of <paramref name="pathAndQuery"/>, without a slash in front.</summary>
    public Task<RegistryReply> GetAsync(string pathAndQuery, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(server => new HttpRequestMessage(HttpMethod.Get, new Uri(server, pathAndQuery)), timeout, cancellationToken);

    /// <summary>
    /// Opens an answer that goes on and on, of the server to be asked first alone; the next time another one is, if this fails. <paramref name="timeout"/> is for its head; its body has no limit of time.
    /// </summary>
    /// <exception cref="RegistryException">It cannot be had; a status of 500 and more is returned as any other.</exception>
    public async Task<HttpResponseMessage> OpenAsync(Func<Uri, HttpRequestMessage> make, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Uri server = _turns.First;
        try
        {
            return await SendAsync(server, make, timeout, cancellationToken);
        }
        catch (RegistryException)
        {
            _turns.Avoid(server);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri server, Func<Uri, HttpRequestMessage> make, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = make(server);
        if (_terms.BasicCredentials is { } credentials)
            request.Headers.Authorization ??= new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return await WithinAsync(server, timeout, token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
    }

    private async Task<T> WithinAsync<T>(Uri server, TimeSpan timeout, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await run(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException($"{Name(server)} does not answer in time", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw new RegistryException($"{Name(server)}: {Reason(e)}", e);
        }
    }

    // The innermost reason is the one that says something: "Connection refused", "certificate has expired".
    private static string Reason(Exception e) => e is HttpRequestException { InnerException: { } inner } ? inner.Message : e.Message;

    private static string Name(Uri server) => server.GetLeftPart(UriPartial.Authority);
}
