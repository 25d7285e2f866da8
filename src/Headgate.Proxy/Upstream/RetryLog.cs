using Headgate.Core.Resilience;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Upstream;

/// <summary>What retries and circuit breakers log: 1350 to 1359.</summary>
internal static partial class RetryLog
{
    [LoggerMessage(1350, LogLevel.Warning, "The retry budget of {Owner} is used up ({Percent} % of the requests, at least {Least}): most retries fail too, and requests are answered after their first failure.")]
    public static partial void BudgetUsedUp(ILogger logger, string owner, int percent, int least);

    [LoggerMessage(1351, LogLevel.Warning, "The circuit of {Owner} is open: most requests failed. They are answered 503 until trial requests succeed.")]
    public static partial void CircuitOpened(ILogger logger, string owner);

    [LoggerMessage(1352, LogLevel.Information, "The circuit of {Owner} is half-open: trial requests are let through.")]
    public static partial void CircuitHalfOpened(ILogger logger, string owner);

    [LoggerMessage(1353, LogLevel.Information, "The circuit of {Owner} is closed again: trial requests succeeded.")]
    public static partial void CircuitClosed(ILogger logger, string owner);

    [LoggerMessage(1356, LogLevel.Warning, "The retry budget of {Owner} leaves no room for hedging ({Percent} % of the requests, at least {Least}): more requests than that have no answer after hedging_delay.")]
    public static partial void HedgingBudgetUsedUp(ILogger logger, string owner, int percent, int least);

    /// <summary>The event of the state.</summary>
    public static void Circuit(ILogger logger, string owner, CircuitState state)
    {
        switch (state)
        {
            case CircuitState.Open:
                CircuitOpened(logger, owner);
                break;
            case CircuitState.HalfOpen:
                CircuitHalfOpened(logger, owner);
                break;
            default:
                CircuitClosed(logger, owner);
                break;
        }
    }
}
