using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Http2;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport.Kestrel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Fronts;

/// <summary>
/// Serves clients on Kestrel's transport. HTTP/1.1 connections, in clear text and behind Kestrel's TLS, are taken by a connection middleware and served by the
/// gateway's own codec; connections that speak HTTP/2 (ALPN, or the preface in clear text) go on to Kestrel's server. It either binds the listeners itself, or
/// is fed with connections that someone else accepted.
/// </summary>
internal sealed class KestrelFront : IFront
{
    /// <summary>
    /// How much is received from a client ahead of what a node takes. Kestrel's default of 1 MiB times all connections is more memory than a gateway has.
    /// </summary>
    private const int ReceivedAheadMax = 131_072;

    private static readonly IdnMapping Names = new();

    private readonly FrontContext _context;
    private readonly TlsChoice _tls;
    private readonly HandedOverListenerFactory? _feed;
    private readonly WebApplication _host;

    private KestrelFront(
        FrontContext context, IReadOnlyList<ProxyListener> listeners, TlsChoice tls, ILoggerFactory loggers, HandedOverListenerFactory? feed)
    {
        _context = context;
        _tls = tls;
        _feed = feed;
        _host = BuildHost(listeners, loggers);
    }

    /// <summary>The addresses that are served, in the order of the listeners; known after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>A front that binds the listeners, counts their connections and holds them to <see cref="ProxyLimits.ConnectionsMax"/>.</summary>
    public static KestrelFront Binding(FrontContext context, IReadOnlyList<ProxyListener> listeners, TlsChoice tls, ILoggerFactory loggers) =>
        new(context, listeners, tls, loggers, feed: null);

    /// <summary>
    /// A front that binds nothing and serves what <see cref="TryHandOver"/> gives it. Whoever accepts the connections limits their number and calls
    /// <see cref="Telemetry.ProxyCounters.OnConnected"/>; the front calls <see cref="Telemetry.ProxyCounters.OnDisconnected"/> once for each that it took.
    /// </summary>
    /// <param name="context">What serves them.</param>
    /// <param name="bound">The listeners, with the addresses that are really bound.</param>
    /// <param name="tls">Chooses the certificates of the https listeners.</param>
    /// <param name="loggers">Where to log.</param>
    public static KestrelFront Fed(FrontContext context, IReadOnlyList<ProxyListener> bound, TlsChoice tls, ILoggerFactory loggers)
    {
        var options = new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true, MaxReadBufferSize = ReceivedAheadMax };
        return new(context, bound, tls, loggers, new HandedOverListenerFactory(bound.Count, options, loggers, context.Counters.OnDisconnected));
    }

    /// <summary>Begins to serve, after binding the listeners unless it is fed.</summary>
    /// <exception cref="IOException">An address is in use or cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IServer server = _host.Services.GetRequiredService<IServer>();
        var http2 = new Http2Application(_context.Pipeline, _context.ServerName, _context.Deadlines, _context.Limits, _context.Logger);
        await server.StartAsync(http2, cancellationToken);
        Addresses = [.. server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a))];
    }

    /// <summary>
    /// Gives a connection of listener number <paramref name="listener"/> to the front, which owns the socket from now on; nothing may have been read from it. False
    /// before the start, after the stop, and when too many wait: then the caller closes it. Any thread; never blocks. Only when fed.
    /// </summary>
    public bool TryHandOver(int listener, Socket socket) => _feed!.TryHandOver(listener, socket);

    /// <summary>
    /// Stops taking clients, closes idle connections, and waits for the requests under way until <paramref name="cancellationToken"/> is cancelled; then ends them.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _host.Services.GetRequiredService<IServer>().StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private WebApplication BuildHost(IReadOnlyList<ProxyListener> listeners, ILoggerFactory loggers)
    {
        // Empty: no appsettings.json, no ASPNETCORE_* variables, nothing that could open another port or change a limit.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        if (_feed is not null)
            builder.Services.AddSingleton<IConnectionListenerFactory>(_feed);
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            // Continuations run on the thread that polled the socket: a hop to the thread pool costs more than all of the gateway's own work.
            options.UnsafePreferInlineScheduling = true;
            options.MaxReadBufferSize = ReceivedAheadMax;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            SetLimits(options);
            for (int i = 0; i < listeners.Count; i++)
            {
                ProxyListener listener = listeners[i];
                if (_feed is null)
                    options.Listen(listener.Address, listen => Configure(listen, listener));
                else
                    options.Listen(new HandedOverEndPoint(i, listener.Address), listen => Configure(listen, listener));
            }
        });
        return builder.Build();
    }

    private void SetLimits(KestrelServerOptions options)
    {
        ProxyLimits limits = _context.Limits;
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        options.Limits.MaxConcurrentConnections = _feed is null ? limits.ConnectionsMax : null;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestHeadersTotalSize = limits.Heads.HeadBytesMax;
        options.Limits.MaxRequestHeaderCount = limits.Heads.FieldsMax;
        options.Limits.MaxRequestBufferSize = ReceivedAheadMax;
        options.Limits.KeepAliveTimeout = limits.IdleTimeout;
        options.Limits.RequestHeadersTimeout = limits.HeadTimeout;

        // Field values are bytes to a gateway: Latin-1 is the one encoding that gives all of them back as they came.
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
    }

    private void Configure(ListenOptions listen, ProxyListener listener)
    {
        // What reaches Kestrel's own server is HTTP/2 only; on TLS both names are offered by ALPN and the middleware takes the HTTP/1.1 connections.
        listen.Protocols = !listener.Http2 ? HttpProtocols.Http1 : listener.Https ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2;
        listen.Use(next => context => CountAsync(context, next));
        if (listener.Https)
        {
            listen.Use(next => context => RefuseClearTextAsync(context, next));
            // The form with a callback, which chooses by server name. The other one makes a certificate context of its own and looks in the network for what is missing in it.
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake => ChooseAsync(handshake, listener.Http2) });
        }

        listen.Use(next => context => ServeAsync(context, listener, next));
    }

    private async ValueTask<SslServerAuthenticationOptions> ChooseAsync(TlsHandshakeCallbackContext handshake, bool http2)
    {
        ConnectionContext connection = handshake.Connection;
        if (_tls.Choose(Encoding.Latin1.GetBytes(NameOf(handshake.ClientHelloInfo.ServerName))) is { } tls)
        {
            connection.Features.Set(tls);
            return tls.Certificate.OptionsFor(http2, tls);
        }

        // Kestrel would end the connection without a word.
        await connection.Transport.Output.WriteAsync(TlsChoice.UnrecognizedName, handshake.CancellationToken);
        throw new AuthenticationException("no certificate for this server name");
    }

    /// <summary>.NET shows an internationalized name decoded; certificates are found by what was sent.</summary>
    private static string NameOf(string shown)
    {
        try
        {
            return Ascii.IsValid(shown) ? shown : Names.GetAscii(shown);
        }
        catch (ArgumentException)
        {
            return shown;
        }
    }

    /// <summary>Around TLS, so that a connection counts from its first moment; one that was handed over was counted when it was accepted.</summary>
    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (_feed is null)
            _context.Counters.OnConnected();
        try
        {
            await next(connection);
        }
        finally
        {
            _context.Counters.OnDisconnected();
        }
    }

    /// <summary>Before TLS, which could not say what is wrong.</summary>
    private async Task RefuseClearTextAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!await FirstInput.HoldsAsync(connection, _context.Deadlines, _context.Limits.HeadTimeout, FirstBytes.IsClearText))
        {
            await next(connection);
            return;
        }

        var client = new KestrelConnection(connection, _context.Deadlines);
        await Http1(connection, client, https: true).RefuseAsync(400, FrontContext.ClearTextRefusal);
        await client.CompleteAsync(_context.Limits.SendTimeout);
    }

    private async Task ServeAsync(ConnectionContext connection, ProxyListener listener, ConnectionDelegate next)
    {
        bool http2 = listener.Http2 && (listener.Https
            ? connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) == true
            : await FirstInput.HoldsAsync(connection, _context.Deadlines, _context.Limits.HeadTimeout, Http2Preface.Judge));
        if (http2)
            await next(connection);
        else
            await ServeHttp1Async(connection, listener.Https);
    }

    private async Task ServeHttp1Async(ConnectionContext connection, bool https)
    {
        var client = new KestrelConnection(connection, _context.Deadlines);
        await Http1(connection, client, https).RunAsync();
        await client.CompleteAsync(_context.Limits.SendTimeout);
    }

    private ClientConnection Http1(ConnectionContext connection, KestrelConnection client, bool https)
    {
        var endpoints = new ClientEndpoints(connection.RemoteEndPoint, connection.LocalEndPoint);
        var exchange = new Http1Exchange(client, endpoints, https, _context.ServerName, _context.Date, _context.Limits)
        {
            Tls = connection.Features.Get<ClientTls>(),
        };
        CancellationToken closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        return new ClientConnection(client, exchange, _context.Pipeline, _context.Limits, _context.Logger, closing);
    }
}
