using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Primitives;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Line;

/// <summary>
/// The instance's end of its lines: one to each control plane, opened again for as long as the process runs. What a control plane does or does not do concerns no traffic: configuration comes from
/// the store alone.
/// </summary>
public sealed class LineClient : IAsyncDisposable
{
    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryLongest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(1);

    /// <summary>A line that lasts so long is one; one that ends sooner is tried again as if it had not been there, with longer and longer waits.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly LocalInstance _instance;
    private readonly LineClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private Task _lines = Task.CompletedTask;

    /// <summary>Makes it; no line is opened before <see cref="Start"/>.</summary>
    public LineClient(LocalInstance instance, LineClientOptions options, TimeProvider time, ILogger<LineClient> log) => (_instance, _options, _time, _log) = (instance, options, time, log);

    /// <summary>Opens the lines, in the background.</summary>
    /// <param name="seed">Of the jitter of waits: instances that lose a control plane together do not come back together.</param>
    public void Start(int seed)
    {
#pragma warning disable CA5394 // Spreads waits, guards nothing.
        _lines = Task.WhenAll(_options.Addresses.Select((address, i) => KeepAsync(address, new RetryDelay(new Random(seed + i), RetryFirst, RetryLongest))));
#pragma warning restore CA5394
    }

    /// <summary>Says goodbye and closes the lines.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _lines;
        _stopping.Dispose();
    }

    private async Task KeepAsync(Uri address, RetryDelay delay)
    {
        await LeaveIoThread.Now;
        string said = "";
        while (!_stopping.IsCancellationRequested)
        {
            long? began = null;
            try
            {
                await RunAsync(address, () =>
                {
                    began = _time.GetTimestamp();
                    LineLog.Connected(_log, address.GetLeftPart(UriPartial.Authority));
                });
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (began is { } since && _time.GetElapsedTime(since) >= Lasting)
                {
                    delay.Reset();
                    said = "";
                }

                if (e.Message != said) // once for each reason
                    LineLog.NotConnected(_log, address.GetLeftPart(UriPartial.Authority), e.Message);
                said = e.Message;
            }

            await Task.Delay(delay.Next(), _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One line, to its end. Throws what ended it.</summary>
    private async Task RunAsync(Uri address, Action connected)
    {
        using var web = new ClientWebSocket();
        Prepare(web.Options);
        await ConnectAsync(web, address);
        using var socket = new LineSocket(web, _time);
        await socket.SendAsync(new LineMessage { Hello = new LineHello(LineMessage.Protocol, _instance.Identity) }, _stopping.Token);
        if ((await socket.ReceiveAsync(ConnectMax, _stopping.Token))?.Welcome is null)
            throw new LineException(socket.Farewell.Length > 0 ? socket.Farewell : "it closed the line without a word");
        connected();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task reporting = ReportAsync(socket, ending.Token);
        Task answering = new LineAnswers(_instance, socket).RunAsync(ending.Token);
        Task first = await Task.WhenAny(reporting, answering);
        await ending.CancelAsync();
        if (_stopping.IsCancellationRequested)
            await LeaveAsync(socket, answering);
        socket.Abort(); // ends the wait for questions: cancelling that would break the line before the goodbye
        await Task.WhenAll(reporting, answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        throw new LineException(socket.Farewell.Length > 0 ? socket.Farewell : "it closed the line");
    }

    private void Prepare(ClientWebSocketOptions options)
    {
        (options.KeepAliveInterval, options.KeepAliveTimeout) = (_options.Ping, _options.Ping * 2);
        if (_options.Token is { } token)
            options.SetRequestHeader("Authorization", "Bearer " + token);
        if (_options.Certificate is { } certificate)
            options.ClientCertificates.Add(certificate);
        if (_options.Authorities is { } authorities)
        {
            options.RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                (errors & ~System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors) == 0 && shown is X509Certificate2 certificate && IsSignedBy(authorities, certificate, chain);
        }
    }

    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (X509ChainElement element in shown?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate);
    }

    private async Task ConnectAsync(ClientWebSocket web, Uri address)
    {
        using var patience = new CancellationTokenSource(ConnectMax, _time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, patience.Token);
        var uri = new UriBuilder(address) { Scheme = address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = LineRegistration.Path };
        try
        {
            web.Options.CollectHttpResponseDetails = true;
            await web.ConnectAsync(uri.Uri, bound.Token);
        }
        catch (Exception) when (patience.IsCancellationRequested)
        {
            throw new LineException($"no answer within {ConnectMax.TotalSeconds:0} s");
        }
        catch (WebSocketException e)
        {
            throw new LineException(web.HttpStatusCode != 0 ? $"it answers {(int)web.HttpStatusCode} ({(web.HttpStatusCode == System.Net.HttpStatusCode.Unauthorized ? "the token is not good" : web.HttpStatusCode)})"
                : e.InnerException?.InnerException?.Message ?? e.InnerException?.Message ?? e.Message, e);
        }
    }

    private async Task ReportAsync(LineSocket socket, CancellationToken ending)
    {
        await foreach (InstanceReport report in new InstanceReporter(_instance, _time).RunAsync(ending))
            await socket.SendAsync(new LineMessage { Report = report }, ending);
    }

    /// <summary>Says goodbye, and waits a moment for the control plane to have read it; <paramref name="reading"/> ends then.</summary>
    private static async Task LeaveAsync(LineSocket socket, Task reading)
    {
        using var bound = new CancellationTokenSource(LeaveMax);
        try
        {
            await socket.SendAsync(new LineMessage { Goodbye = true }, bound.Token);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "the instance stops");
            await reading.WaitAsync(bound.Token);
        }
        catch (Exception e) when (e is LineException or OperationCanceledException)
        {
            // it is gone itself
        }
    }
}
