using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Control.Status;

/// <summary>Puts the liveness and readiness answers (port 7085) into a web application.</summary>
public static class StatusApiRegistration
{
    private static readonly byte[] Ok = "{\"status\":\"ok\"}\n"u8.ToArray();
    private static readonly byte[] NotReady = "{\"status\":\"error\",\"error\":\"no configuration has been loaded yet\"}\n"u8.ToArray();

    /// <summary>
    /// Serves <c>GET /status</c>: 200 as long as the process answers; <c>GET /status/ready</c>: 200 when <paramref name="isReady"/> says so, else 503.
    /// </summary>
    /// <param name="endpoints">The web application.</param>
    /// <param name="isReady">Called on every question, concurrently; must not block.</param>
    public static IEndpointConventionBuilder MapStatusApi(this IEndpointRouteBuilder endpoints, Func<bool> isReady)
    {
        ArgumentNullException.ThrowIfNull(isReady);
        RouteGroupBuilder group = endpoints.MapGroup("/status");
        group.MapMethods("", ["GET", "HEAD"], context => WriteAsync(context, true));
        group.MapMethods("/ready", ["GET", "HEAD"], context => WriteAsync(context, isReady()));
        return group;
    }

    private static Task WriteAsync(HttpContext context, bool good)
    {
        byte[] body = good ? Ok : NotReady;
        context.Response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body).AsTask();
    }
}
