using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Headgate.Store.Etcd.Wire;

/// <summary>
/// One question to one member over HTTP/1.1, and what its answer means. Whatever the network's threads are used for otherwise, what is done here after an answer is done elsewhere.
/// Thread-safe.
/// </summary>
internal sealed class EtcdHttp : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly string? _serverName;

    public EtcdHttp(EtcdTls tls, TimeSpan connectTimeout, TimeProvider time)
    {
        (_time, _serverName) = (time, tls.ServerName);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = connectTimeout,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            SslOptions = Options(tls),
        };
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>Asks <paramref name="member"/> and reads all of its answer.</summary>
    /// <exception cref="EtcdException">It did not answer within <paramref name="timeout"/>, or refused.</exception>
    public async Task<EtcdReply> AskAsync(Uri member, string path, byte[] question, string? token, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using HttpResponseMessage answer = await SendAsync(member, path, question, token, either.Token);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(either.Token);
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // answers are long, and this may be a thread that serves traffic
            return Read(member, (int)answer.StatusCode, body);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EtcdException($"{EtcdEndpoints.Name(member)} does not answer in time", EtcdFailure.Unknown, innerException: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EtcdException($"{EtcdEndpoints.Name(member)}: {Innermost(e)}", EtcdFailure.Unknown, innerException: e);
        }
    }

    /// <summary>Begins an answer that goes on and on; <paramref name="timeout"/> is for its head.</summary>
    /// <exception cref="EtcdException">As <see cref="AskAsync"/>.</exception>
    public async Task<HttpResponseMessage> OpenAsync(Uri member, string path, byte[] question, string? token, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            HttpResponseMessage answer = await SendAsync(member, path, question, token, either.Token);
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if ((int)answer.StatusCode == 200)
                return answer;
            using (answer)
                throw Refusal(member, (int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EtcdException($"{EtcdEndpoints.Name(member)} does not answer in time", EtcdFailure.Unknown, innerException: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EtcdException($"{EtcdEndpoints.Name(member)}: {Innermost(e)}", EtcdFailure.Unknown, innerException: e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri member, string path, byte[] question, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(member, path)) { Content = new ByteArrayContent(question) { Headers = { ContentType = Json } } };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", token);

        // What TLS asks for and verifies: the handler takes it from here.
        if (_serverName is not null && member.Scheme == Uri.UriSchemeHttps)
            request.Headers.Host = _serverName;

        // A watch of a member that has lost the others would be silent; with this it ends.
        if (path == EtcdClient.WatchPath)
            request.Headers.Add("Grpc-Metadata-Hasleader", "true");
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            // A connection that could not be made has carried nothing.
            bool unsent = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            throw new EtcdException($"{EtcdEndpoints.Name(member)}: {Innermost(e)}", unsent ? EtcdFailure.NotSent : EtcdFailure.Unknown, innerException: e);
        }
    }

    private static EtcdReply Read(Uri member, int status, byte[] body)
    {
        if (status != 200)
            throw Refusal(member, status, body);
        try
        {
            return new EtcdReply(JsonDocument.Parse(body));
        }
        catch (JsonException e)
        {
            throw new EtcdException($"{EtcdEndpoints.Name(member)} answers with what is no JSON", EtcdFailure.Unknown, innerException: e);
        }
    }

    private static EtcdException Refusal(Uri member, int status, byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            string text = document.RootElement.GetProperty("error").GetString()!;
            return EtcdRefusals.Of(member, (int)EtcdReply.Number(document.RootElement, "code"), text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new EtcdException($"{EtcdEndpoints.Name(member)} answers {status}, not as etcd's JSON gateway does", EtcdFailure.Unknown, innerException: e);
        }
    }

    // The innermost reason is the one that says something: "Connection refused", "certificate has expired".
    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;

    private static SslClientAuthenticationOptions Options(EtcdTls tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls.Certificate is { } certificate)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        if (tls is { Verifies: true, Authorities: { } authorities })
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

#pragma warning disable CA5359 // asked for by name: deployment.etcd.tls.verify: false
        if (!tls.Verifies)
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return options;
    }
}
