using Headgate.Proxy.Http1;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Fronts;

/// <summary>What whoever serves clients' connections needs, whatever takes them; one for the data plane.</summary>
/// <param name="Pipeline">Runs the requests.</param>
/// <param name="Deadlines">Watches connections that have no event loop of their own.</param>
/// <param name="Counters">Counts connections and requests.</param>
/// <param name="Limits">Limits towards clients.</param>
/// <param name="Date">Value of the Date field.</param>
/// <param name="ServerName">Value of the Server field.</param>
/// <param name="Logger">Where to log.</param>
internal sealed record FrontContext(
    RequestPipeline Pipeline, DeadlineWheel Deadlines, ProxyCounters Counters, ProxyLimits Limits, HttpDate Date, byte[] ServerName, ILogger Logger)
{
    /// <summary>Told to a client that speaks clear text where TLS is spoken, with status 400.</summary>
    public const string ClearTextRefusal = "this port speaks HTTPS, and the request came in plain HTTP";
}
