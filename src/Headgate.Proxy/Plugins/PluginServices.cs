using System.Collections.Concurrent;
using Headgate.Core.Plugins;
using Headgate.Proxy.Plugins.Loggers;
using Headgate.Proxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins;

/// <summary>What plugins may use of the gateway. Thread-safe.</summary>
/// <param name="Time">The time.</param>
/// <param name="Loggers">Where to log.</param>
/// <param name="Seed">Where random numbers begin.</param>
public sealed record PluginServices(TimeProvider Time, ILoggerFactory Loggers, ulong Seed)
{
    private readonly ConcurrentDictionary<Type, object> _shared = new();

    /// <summary>Port at which clients reach the gateway by HTTPS; 0 = there is none.</summary>
    public int HttpsPort { get; init; }

    /// <summary>Where requests are counted.</summary>
    public TrafficMetrics Metrics { get; init; } = new(new TrafficMetricsOptions());

    /// <summary>Takes entries of logs to where they go; disposed of by who made this.</summary>
    public LogShipping Logs { get; } = new(Loggers.CreateLogger<LogShipping>());

    /// <summary>What all uses of a plugin share (<c>plugin_metadata</c>), as it is now.</summary>
    public PluginMetadata Metadata { get; init; } = new();

    /// <summary>What plugins of a gateway have in common: one <typeparamref name="T"/>, made by the first who asks.</summary>
    public T Shared<T>(Func<PluginServices, T> make)
        where T : class => (T)_shared.GetOrAdd(typeof(T), static (_, asked) => asked.make(asked.services), (make, services: this));
}
