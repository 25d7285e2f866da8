using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Metrics;

/// <summary>Serves the metrics page.</summary>
internal static class MetricsPage
{
    /// <summary>Answers GET on <paramref name="uri"/> with what <paramref name="sources"/> have now.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints, string uri, IReadOnlyList<IMetricsSource> sources) =>
        endpoints.MapGet(uri, async (HttpContext context) =>
        {
            // Off the I/O thread, which may be serving traffic: reading /proc takes its time.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var writer = new MetricsWriter();
            foreach (IMetricsSource source in sources)
                source.Write(writer);
            context.Response.ContentType = MetricsWriter.ContentType;
            await context.Response.WriteAsync(writer.ToString(), context.RequestAborted);
        });
}
