using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Probes;

/// <summary>What probes run on.</summary>
/// <param name="Clock">Wakes their schedule.</param>
/// <param name="Connector">Opens their connections.</param>
/// <param name="OnLoop">Whether that is an event loop: what waits comes back to it by itself.</param>
internal sealed record ProbeEngine(IProbeClock Clock, INodeConnector Connector, bool OnLoop)
{
    /// <summary>
    /// An event loop of their own where there are event loops, whatever transport carries the traffic; else the thread pool. Behind TLS, <paramref name="secure"/> opens
    /// the connections.
    /// </summary>
    public static ProbeEngine Over(INodeConnector secure, TimeProvider time, ILogger logger)
    {
        if (!OperatingSystem.IsLinux())
            return OnThreadPool(secure, time);
        var loop = new EventLoop("probes", logger);
        return new ProbeEngine(new LoopProbeClock(loop), new LoopConnector(loop, secure), OnLoop: true);
    }

    /// <summary>The thread pool, over <paramref name="connector"/>.</summary>
    public static ProbeEngine OnThreadPool(INodeConnector connector, TimeProvider time) => new(new TimerProbeClock(time), connector, OnLoop: false);
}
