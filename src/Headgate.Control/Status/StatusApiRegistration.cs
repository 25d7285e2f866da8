using System.Globalization;
using System.Text;
using Headgate.Store.LastGood;
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
    /// <param name="configuration">Says whether the last good configuration is served in the place of the source's, which is then told; null = that cannot be.</param>
    /// <param name="time">Clock of its age.</param>
    public static IEndpointConventionBuilder MapStatusApi(this IEndpointRouteBuilder endpoints, Func<bool> isReady, LastGoodSource? configuration = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(isReady);
        RouteGroupBuilder group = endpoints.MapGroup("/status");
        group.MapMethods("", ["GET", "HEAD"], context => WriteAsync(context, Good(configuration, time)));
        group.MapMethods("/ready", ["GET", "HEAD"], context => WriteAsync(context, isReady() ? Good(configuration, time) : NotReady));
        return group;
    }

    private static byte[] Good(LastGoodSource? configuration, TimeProvider? time)
    {
        if (configuration?.Served is not { } served)
            return Ok;
        long age = Math.Max(0, (long)((time ?? TimeProvider.System).GetUtcNow() - served.Written).TotalSeconds);
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"status\":\"ok\",\"configuration\":{{\"from_snapshot\":true,\"revision\":{served.Revision},\"written\":\"{served.Written.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",\"age_seconds\":{age}}}}}\n"));
    }

    private static Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.StatusCode = body == NotReady ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body).AsTask();
    }
}
