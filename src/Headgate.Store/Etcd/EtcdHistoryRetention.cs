using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Etcd;

/// <summary>Drops history in etcd that is older than it is kept for: at the start and every hour. For the processes that have the control role; several may do it. What is configured now is never touched.</summary>
public sealed class EtcdHistoryRetention : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly EtcdStore _store;
    private readonly TimeSpan _keptFor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _failing;

    /// <summary>Makes it; nothing runs before <see cref="BackgroundService.StartAsync"/>.</summary>
    /// <param name="store">Whose history.</param>
    /// <param name="keptFor">How long a revision is kept; zero = for ever.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Events 1026 and 1027.</param>
    public EtcdHistoryRetention(EtcdStore store, TimeSpan keptFor, TimeProvider time, ILogger<EtcdHistoryRetention> logger) =>
        (_store, _keptFor, _time, _logger) = (store, keptFor, time, logger);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // no start waits for it
        while (_keptFor > TimeSpan.Zero)
        {
            await DropAsync(_time.GetUtcNow() - _keptFor, stoppingToken);
            await Task.Delay(Interval, _time, stoppingToken);
        }
    }

    private async Task DropAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            long dropped = await _store.DropHistoryAsync(before, cancellationToken);
            _failing = false;
            if (dropped > 0)
                EtcdLog.HistoryDropped(_logger, dropped, before);
        }
        catch (StoreUnavailableException e)
        {
            if (!_failing)
                EtcdLog.HistoryNotDropped(_logger, before, e.Message);
            _failing = true;
        }
    }
}
