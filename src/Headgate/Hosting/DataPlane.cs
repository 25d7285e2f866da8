#pragma warning disable CA1822
using Headgate.Metrics;
using Headgate.Settings;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>The data plane of this process.</summary>
internal sealed class DataPlane(GatewaySettings settings, IConfigStore store, ILoggerFactory logging)
{
    /// <summary>Of the data plane.</summary>
    public IReadOnlyList<BoundListener> Listeners { get; private set; } = [];

    /// <summary>Of the data plane.</summary>
    public long Revision { get; private set; } = -1;

    /// <summary>Of the data plane.</summary>
    public IReadOnlyList<IMetricsSource> Metrics => [];

    /// <summary>Of the data plane.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Revision = (await store.GetAsync("/", cancellationToken)).Revision;
        Listeners = [.. ListenerPlan.All(settings).Where(p => p.Purpose == ListenerPurpose.Http).Select(p => new BoundListener(p, new(System.Net.IPAddress.Loopback, p.Listen.Port)))];
        logging.CreateLogger<DataPlane>();
    }

    /// <summary>Of the data plane.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Of the data plane.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
