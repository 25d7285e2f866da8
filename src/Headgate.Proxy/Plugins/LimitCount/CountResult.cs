namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>What became of a request that was counted.</summary>
/// <param name="Outcome">Whether it may go on.</param>
/// <param name="Remaining">Requests that may follow it now, from 0.</param>
/// <param name="ResetMs">Milliseconds until requests that are counted now are forgotten: of a fixed window all, of a sliding one the oldest.</param>
internal readonly record struct CountResult(CountOutcome Outcome, long Remaining, long ResetMs)
{
    /// <summary>Nothing could be counted.</summary>
    public static CountResult Failed => new(CountOutcome.Failed, 0, 0);
}
