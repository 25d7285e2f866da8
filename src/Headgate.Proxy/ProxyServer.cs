using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy;

/// <summary>The listening side of the data plane: takes clients' connections and has them served.</summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private readonly KestrelFront _kestrel;

    /// <summary>Makes the server; <see cref="StartAsync"/> binds it. <paramref name="version"/> is shown to clients as <c>Headgate/version</c>.</summary>
    public ProxyServer(
        IReadOnlyList<ProxyListener> listeners, ServerCertificate? certificate, string version, RequestPipeline pipeline, DeadlineWheel deadlines,
        ProxyCounters counters, ProxyLimits limits, TimeProvider time, ILoggerFactory loggers)
    {
        var context = new FrontContext(
            pipeline, deadlines, counters, limits, new HttpDate(time), Encoding.ASCII.GetBytes($"Headgate/{version}"), loggers.CreateLogger<ProxyServer>());
        _kestrel = KestrelFront.Binding(context, listeners, certificate, loggers);
    }

    /// <summary>The addresses bound, in the order of the listeners; known after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<Uri> Addresses => _kestrel.Addresses;

    /// <summary>Binds the listeners and begins to serve.</summary>
    /// <exception cref="IOException">An address is in use or cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _kestrel.StartAsync(cancellationToken);

    /// <summary>
    /// Stops taking clients, closes idle connections, and waits for the requests under way until <paramref name="cancellationToken"/> is cancelled; then ends them.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _kestrel.DisposeAsync();
}
