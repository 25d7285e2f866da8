using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Http2;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy;

/// <summary>
/// The listening side of the data plane on Kestrel's transport. HTTP/1.1 connections, in clear text and behind Kestrel's TLS, are taken by a connection
/// middleware and served by the gateway's own codec; connections that speak HTTP/2 (ALPN, or the preface in clear text) go on to Kestrel's server.
/// </summary>
public sealed class ProxyServer : IAsyncDisposable
{
    /// <summary>
    /// How much is received from a client ahead of what a node takes. Kestrel's default of 1 MiB times all connections is more memory than a gateway has.
    /// </summary>
    private const int ReceivedAheadMax = 131_072;

    private readonly RequestPipeline _pipeline;
    private readonly DeadlineWheel _deadlines;
    private readonly ProxyCounters _counters;
    private readonly ProxyLimits _limits;
    private readonly HttpDate _date;
    private readonly byte[] _serverName;
    private readonly ILogger _logger;
    private readonly WebApplication _host;

    /// <summary>Makes the server; <see cref="StartAsync"/> binds it. <paramref name="version"/> is shown to clients as <c>Headgate/version</c>.</summary>
    public ProxyServer(
        IReadOnlyList<ProxyListener> listeners, X509Certificate2? certificate, string version, RequestPipeline pipeline, DeadlineWheel deadlines,
        ProxyCounters counters, ProxyLimits limits, TimeProvider time, ILoggerFactory loggers)
    {
        _pipeline = pipeline;
        _deadlines = deadlines;
        _counters = counters;
        _limits = limits;
        _date = new HttpDate(time);
        _serverName = Encoding.ASCII.GetBytes($"Headgate/{version}");
        _logger = loggers.CreateLogger<ProxyServer>();
        _host = BuildHost(listeners, certificate, loggers);
    }

    /// <summary>The addresses bound, in the order of the listeners; known after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Binds the listeners and begins to serve.</summary>
    /// <exception cref="IOException">An address is in use or cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IServer server = _host.Services.GetRequiredService<IServer>();
        await server.StartAsync(new Http2Application(_pipeline, _serverName, _deadlines, _limits, _logger), cancellationToken);
        Addresses = [.. server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a))];
    }

    /// <summary>
    /// Stops taking clients, closes idle connections, and waits for the requests under way until <paramref name="cancellationToken"/> is cancelled; then ends them.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _host.Services.GetRequiredService<IServer>().StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private WebApplication BuildHost(IReadOnlyList<ProxyListener> listeners, X509Certificate2? certificate, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            // Continuations run on the thread that polled the socket: a hop to the thread pool costs more than all of the gateway's own work.
            options.UnsafePreferInlineScheduling = true;
            options.MaxReadBufferSize = ReceivedAheadMax;
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.AllowSynchronousIO = false;
            options.Limits.MaxConcurrentConnections = _limits.ConnectionsMax;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
            options.Limits.MaxRequestHeadersTotalSize = _limits.Heads.HeadBytesMax;
            options.Limits.MaxRequestHeaderCount = _limits.Heads.FieldsMax;
            options.Limits.MaxRequestBufferSize = ReceivedAheadMax;
            options.Limits.KeepAliveTimeout = _limits.IdleTimeout;
            options.Limits.RequestHeadersTimeout = _limits.HeadTimeout;

            // Field values are bytes to a gateway: Latin-1 is the one encoding that gives all of them back as they came.
            options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            foreach (ProxyListener listener in listeners)
                options.Listen(listener.Address, listen => Configure(listen, listener, certificate));
        });
        return builder.Build();
    }

    private void Configure(ListenOptions listen, ProxyListener listener, X509Certificate2? certificate)
    {
        // What reaches Kestrel's own server is HTTP/2 only; on TLS both names are offered by ALPN and the middleware takes the HTTP/1.1 connections.
        listen.Protocols = !listener.Http2 ? HttpProtocols.Http1 : listener.Https ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2;
        if (listener.Https)
            listen.UseHttps(certificate ?? throw new ArgumentException("an https listener needs a certificate", nameof(certificate)));
        listen.Use(next => context => ServeAsync(context, listener, next));
    }

    private async Task ServeAsync(ConnectionContext context, ProxyListener listener, ConnectionDelegate next)
    {
        _counters.OnConnected();
        try
        {
            bool http2 = listener.Http2 && (listener.Https
                ? context.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) == true
                : await Http2Preface.IsNextAsync(context, _deadlines, _limits.HeadTimeout));
            if (http2)
                await next(context);
            else
                await ServeHttp1Async(context, listener.Https);
        }
        finally
        {
            _counters.OnDisconnected();
        }
    }

    private async Task ServeHttp1Async(ConnectionContext context, bool https)
    {
        var client = new KestrelConnection(context, _deadlines);
        var endpoints = new ClientEndpoints(context.RemoteEndPoint, context.LocalEndPoint);
        var exchange = new Http1Exchange(client, endpoints, https, _serverName, _deadlines, _date, _limits);
        CancellationToken closing = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await new ClientConnection(client, exchange, _pipeline, _deadlines, _limits, _logger, closing).RunAsync();
        await client.CompleteAsync(_limits.SendTimeout);
    }
}
