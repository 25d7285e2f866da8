using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Store;

/// <summary>
/// Drops history that is older than it is kept for: at the start and every hour. For the processes that have the control role; of a store that several share, several may do it. What is
/// configured now is never touched, however old. By the wall clock of the machine, as the history's times are.
/// </summary>
public sealed class HistoryRetention : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly Func<DateTimeOffset, CancellationToken, Task<long>> _drop;
    private readonly TimeSpan _keptFor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _failing;

    /// <summary>Makes it; nothing runs before <see cref="BackgroundService.StartAsync"/>.</summary>
    /// <param name="drop">The store's: drops some revisions, or all, that were made before a time, and returns how many; 0 = none is left.</param>
    /// <param name="keptFor">How long a revision is kept; zero = for ever.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Events 1008 and 1009.</param>
    public HistoryRetention(Func<DateTimeOffset, CancellationToken, Task<long>> drop, TimeSpan keptFor, TimeProvider time, ILogger<HistoryRetention> logger) =>
        (_drop, _keptFor, _time, _logger) = (drop, keptFor, time, logger);

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
            for (long step; (step = await _drop(before, cancellationToken)) > 0;)
                dropped += step;
            _failing = false;
        }
        catch (StoreUnavailableException e)
        {
            if (!_failing)
                HistoryLog.HistoryNotDropped(_logger, before, e.Message);
            _failing = true;
        }

        if (dropped > 0)
            HistoryLog.HistoryDropped(_logger, dropped, before);
    }
}
