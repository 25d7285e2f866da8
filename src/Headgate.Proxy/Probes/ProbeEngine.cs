using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Probes;

/// <summary>What probes run on.</summary>
/// <param name="Clock">Wakes their schedule.</param>
/// <param name="Connector">Opens their connections.</param>
/// <param name="Steps">The short way of most probes, on the event loop; null where there is none.</param>
internal sealed record ProbeEngine(IProbeClock Clock, INodeConnector Connector, ProbeSteps? Steps)
{
    /// <summary>Whether they run on an event loop: what waits comes back to it by itself.</summary>
    public bool OnLoop => Steps is not null;

    /// <summary>
    /// An event loop of their own where there are event loops, whatever transport carries the traffic; else the thread pool. Behind TLS, <paramref name="secure"/> opens
    /// the connections.
    /// </summary>
    public static ProbeEngine Over(INodeConnector secure, TimeProvider time, ILogger logger)
    {
        if (!OperatingSystem.IsLinux())
            return OnThreadPool(secure, time);
        var loop = new EventLoop("probes", logger);
        var steps = new ProbeSteps(loop);
        return new ProbeEngine(new LoopProbeClock(loop, steps), new LoopConnector(loop, secure), steps);
    }

    /// <summary>The thread pool, over <paramref name="connector"/>.</summary>
    public static ProbeEngine OnThreadPool(INodeConnector connector, TimeProvider time) => new(new TimerProbeClock(time), connector, Steps: null);
}
