using Headgate.Proxy.Tls;
using Headgate.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>
/// The HTTP server of everything that is not traffic: Admin API, control API, status, metrics, each on its own listener. One Kestrel for all of
/// them, apart from the data plane's: traffic can be drained while this one still answers.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ControlServer(WebApplication application) => _application = application;

    /// <summary>Builds the server; it listens only after <see cref="StartAsync"/>.</summary>
    /// <param name="plans">All planned listeners; those of traffic are left out here.</param>
    /// <param name="sockets">Opens the listeners.</param>
    /// <param name="logging">The log of the process.</param>
    /// <param name="services">Adds what the endpoints need.</param>
    /// <param name="endpoints">Endpoints of each purpose; a listener answers only those of its own.</param>
    /// <param name="certificates">Of the listeners that speak TLS, and run with the server; null = none does.</param>
    public static ControlServer Build(
        IEnumerable<ListenerPlan> plans, ListenSockets sockets, ILoggerFactory logging,
        Action<IServiceCollection> services, IReadOnlyDictionary<ListenerPurpose, Action<IEndpointRouteBuilder>> endpoints, CertificateFiles? certificates)
    {
        // Empty: no appsettings.json, no ASPNETCORE_* variables, nothing that could change what config.yaml says.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logging);
        builder.Services.AddSingleton<IHostLifetime, GatewayLifetime>();
        builder.Services.AddRoutingCore();
        services(builder.Services);
        if (certificates is not null)
            builder.Services.AddHostedService(_ => certificates);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, plans.Where(p => endpoints.ContainsKey(p.Purpose)), certificates));
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = sockets.Open);

        WebApplication application = builder.Build();
        foreach ((ListenerPurpose purpose, Action<IEndpointRouteBuilder> map) in endpoints)
        {
            application.MapWhen(
                context => context.Features.Get<ListenerTag>()?.Purpose == purpose,
                branch => branch.UseWebSockets().UseRouting().UseEndpoints(map));
        }

        return new ControlServer(application);
    }

    /// <summary>Opens the listeners.</summary>
    /// <exception cref="ListenException">A listener cannot be had.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Closes the listeners and waits for the requests under way, until cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void Listen(KestrelServerOptions kestrel, IEnumerable<ListenerPlan> plans, CertificateFiles? certificates)
    {
        kestrel.AddServerHeader = false;
        foreach (ListenerPlan plan in plans)
        {
            var tag = new ListenerTag(plan.Purpose);
            kestrel.Listen(plan.Address!, plan.Listen.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    connection.Features.Set(tag);
                    return next(connection);
                });
                if (plan.IsSecure)
                    UseTls(listen, certificates!);
            });
        }
    }

    /// <summary>Endpoints find a client's certificate, verified, in <c>ITlsConnectionFeature.ClientCertificate</c>; null where none is asked for.</summary>
    private static void UseTls(ListenOptions listen, CertificateFiles certificates)
    {
        listen.Use(next => connection => ClearTextRefusal.ServeAsync(connection, next));

        // The form with a callback: the other one would keep the certificate, and look in the network for what is missing in its chain.
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificates.NewOptions()) });
    }
}
