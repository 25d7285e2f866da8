using System.Net.WebSockets;
using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.Instances;
using Headgate.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Line;

/// <summary>Puts the line's end for instances (<c>/api/line</c>) into a web application that uses WebSockets.</summary>
public static class LineRegistration
{
    /// <summary>Where instances open their lines.</summary>
    public const string Path = "/api/line";

    /// <summary>
    /// Serves the path. Who comes shows an instance token, or a certificate that the listener has verified; the addresses that may use the Admin API have nothing to do with it.
    /// </summary>
    public static void MapLine(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        Fleet fleet = services.GetRequiredService<Fleet>();
        InstanceTokens tokens = services.GetRequiredService<InstanceTokens>();
        AdminApiOptions options = services.GetRequiredService<AdminApiOptions>();
        IHostApplicationLifetime lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger<Fleet>();
        endpoints.Map(Path, async context =>
        {
            await LeaveIoThread.Now;
            string address = context.Connection.RemoteIpAddress?.ToString() ?? "local";
            bool isKnown;
            string? group;
            try
            {
                (isKnown, group) = await IdentifyAsync(context, tokens, context.RequestAborted);
            }
            catch (StoreUnavailableException)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // the log says already that the store is not there
                return;
            }

            if (!isKnown)
            {
                LineLog.Refused(log, address, "no instance token that is good, and no certificate");
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            if (!context.WebSockets.IsWebSocketRequest)
            {
                context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
                return;
            }

            using WebSocket web = await context.WebSockets.AcceptWebSocketAsync();
            using var socket = new LineSocket(web, time);
            await new LineSession(socket, group, IsWelcomeAsync, address, options.Version, fleet, time, log).RunAsync(lifetime.ApplicationStopping);

            async ValueTask<bool> IsWelcomeAsync(CancellationToken cancellationToken) => (await IdentifyAsync(context, tokens, cancellationToken)).IsKnown;
        });
    }

    /// <summary>Whether the peer may open a line, and of which group only; null = of any.</summary>
    private static async ValueTask<(bool IsKnown, string? Group)> IdentifyAsync(HttpContext context, InstanceTokens tokens, CancellationToken cancellationToken)
    {
        string sent = context.Request.Headers.Authorization.ToString();
        if (sent.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return await tokens.FindAsync(sent["Bearer ".Length..].Trim(), cancellationToken) is { } token ? (true, token.Group) : (false, null);
        return (context.Connection.ClientCertificate is not null, null);
    }
}
