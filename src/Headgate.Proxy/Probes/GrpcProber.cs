using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Asks a node's <c>grpc.health.v1.Health</c> service, over .NET's HTTP/2 client: a probe is rare and its cost that of HTTP/2, so that a client of our own would
/// save little. On the thread pool, wherever it is called. Thread-safe.
/// </summary>
internal sealed class GrpcProber(TimeProvider time)
{
    /// <summary>An answer is seven bytes; what is longer is none.</summary>
    private const int AnswerBytesMax = 1024;

    // By instance, which an upstream keeps for as long as it is equal. An entry goes when the configuration does.
    private readonly ConditionalWeakTable<UpstreamTlsConfig, TlsClientSettings> _settings = [];

    /// <summary>
    /// Asks over the client of the last probe where there is one, else at <paramref name="address"/>. Never throws for anything that a node or the network does.
    /// </summary>
    public async Task<HealthFinding> RunAsync(ProbedNode node, IPEndPoint address)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (node.TakeKeptClient() is { } kept)
        {
            HealthFinding finding = await AskAsync(node, kept, address);

            // A node may close a connection that it has left idle at any time: that says nothing about its health.
            if (finding.Failure != AttemptFailure.ClosedBeforeAnswer)
                return finding;
        }

        return await AskAsync(node, null, address);
    }

    /// <summary>Asks over <paramref name="client"/>, or a new one, and afterwards keeps or disposes of it.</summary>
    private async Task<HealthFinding> AskAsync(ProbedNode node, GrpcProbeClient? client, IPEndPoint address)
    {
        try
        {
            client ??= Open(node, address);
            using var patience = new CancellationTokenSource(node.Upstream.Plan.Checks.Timeout, time);
            client.Patience = patience;
            using HttpRequestMessage request = RequestFor(node);
            using HttpResponseMessage answer = await client.Invoker.SendAsync(request, patience.Token);
            HealthFinding finding = await ReadAsync(answer, patience.Token);
            if (node.Upstream.Plan.Checks.ReusesConnection)
            {
                node.KeepClient(client);
                client = null;
            }

            return finding;
        }
        catch (Exception e)
        {
            // The client, TLS, certificates and sockets have their own; all of them are the node's or its network's doing.
            return new HealthFinding(FailureOf(e, client), 0);
        }
        finally
        {
            client?.Dispose();
        }
    }

    private GrpcProbeClient Open(ProbedNode node, IPEndPoint address)
    {
        ProbePlan plan = node.Upstream.Plan;
        TlsClientSettings? tls = plan.Tls is { } config ? _settings.GetValue(config, static c => new TlsClientSettings(c)) : null;
        return new GrpcProbeClient(address, plan.Checks.Timeout, tls?.OptionsFor(plan.Host ?? node.State.Key.Host));
    }

    private static HttpRequestMessage RequestFor(ProbedNode node)
    {
        ProbePlan plan = node.Upstream.Plan;
        string host = plan.Host ?? node.State.Key.Host;
        var uri = new Uri(string.Create(CultureInfo.InvariantCulture,
            $"{(plan.Tls is null ? "http" : "https")}://{host}:{plan.Checks.Port ?? node.State.Key.Port}/grpc.health.v1.Health/Check"));
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(node.Request),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        foreach (string line in plan.Checks.Headers)
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                request.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..].Trim());
        }

        return request;
    }

    private static async Task<HealthFinding> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        int status = (int)answer.StatusCode;
        byte[] body = new byte[AnswerBytesMax];
        await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        int length = await stream.ReadAtLeastAsync(body, AnswerBytesMax, throwOnEndOfStream: false, cancellationToken);
        if (status != 200)
            return new HealthFinding(AttemptFailure.None, status);

        // Behind the body, or in the head when there is none.
        if (!answer.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? values))
            answer.Headers.TryGetValues("grpc-status", out values);
        int code = int.TryParse(values?.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : GrpcAnswer.NoCode;
        GrpcServingStatus serving = default;
        if (code == 0 && !GrpcHealthMessages.TryReadAnswer(body.AsSpan(0, length), out serving))
            code = GrpcAnswer.NoMessage;
        return new HealthFinding(AttemptFailure.None, status, new GrpcAnswer(code, serving));
    }

    private static AttemptFailure FailureOf(Exception error, GrpcProbeClient? client) => error switch
    {
        OperationCanceledException => client is { IsConnected: true } ? AttemptFailure.ReadTimeout : AttemptFailure.ConnectTimeout,
        HttpRequestException { InnerException: SocketException socket } when client is { IsConnected: false } => ConnectFailures.Of(socket.SocketErrorCode, client.Address),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } when client is { IsConnected: false } => AttemptFailure.Unreachable,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => AttemptFailure.TlsFailed,
        HttpRequestException when client is { IsConnected: true, HasHeard: false } => AttemptFailure.ClosedBeforeAnswer,
        HttpRequestException or IOException => IsProtocolError(error) ? AttemptFailure.BadAnswer : AttemptFailure.ClosedBeforeAnswer,
        _ => AttemptFailure.TlsFailed, // a certificate or a key that cannot be read
    };

    /// <summary>Whether what the node sent is to blame. How deep that lies depends on whether the request or the connection's reader came upon it first.</summary>
    private static bool IsProtocolError(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            HttpRequestError? kind = error switch
            {
                HttpProtocolException => HttpRequestError.HttpProtocolError,
                HttpIOException io => io.HttpRequestError,
                HttpRequestException request => request.HttpRequestError,
                _ => null,
            };
            if (kind is HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError)
                return true;
        }

        return false;
    }
}
