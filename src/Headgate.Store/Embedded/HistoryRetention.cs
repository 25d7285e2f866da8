using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Embedded;

/// <summary>
/// Drops history that is older than it is kept for: at the start and every hour, in small steps that share the commit thread with whoever writes. What is configured now
/// is never touched, however old. By the wall clock of the machine, as the history's times are.
/// </summary>
public sealed class HistoryRetention : BackgroundService
{
    /// <summary>A step takes some milliseconds of the commit thread.</summary>
    private const int RevisionsPerStep = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly EmbeddedStore _store;
    private readonly TimeSpan _keptFor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _failing;

    /// <summary>Makes it; nothing runs before <see cref="BackgroundService.StartAsync"/>.</summary>
    /// <param name="store">Whose history.</param>
    /// <param name="keptFor">How long a revision is kept; zero = for ever.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Events 1008 and 1009.</param>
    public HistoryRetention(EmbeddedStore store, TimeSpan keptFor, TimeProvider time, ILogger<HistoryRetention> logger) =>
        (_store, _keptFor, _time, _logger) = (store, keptFor, time, logger);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_keptFor > TimeSpan.Zero)
        {
            await DropAsync(_time.GetUtcNow() - _keptFor, stoppingToken);
            await Task.Delay(Interval, _time, stoppingToken);
        }
    }

    private async Task DropAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        long dropped = 0;
        try
        {
            int step;
            do
            {
                step = await _store.CompactOlderThanAsync(before, RevisionsPerStep, cancellationToken);
                dropped += step;
            }
            while (step == RevisionsPerStep);
            _failing = false;
        }
        catch (StoreUnavailableException e)
        {
            if (!_failing)
                StoreLog.HistoryNotDropped(_logger, before, e.Message);
            _failing = true;
        }

        if (dropped > 0)
            StoreLog.HistoryDropped(_logger, dropped, before);
    }
}
