namespace Headgate.Core.Config;

/// <summary>Limits of an upstream's retry budget; Envoy's names.</summary>
/// <param name="BudgetPercent">Retries in percent of requests, 0 to 100.</param>
/// <param name="MinRetryConcurrency">Retries that are allowed however few requests there are; 0 or more.</param>
public sealed record RetryBudgetConfig(int BudgetPercent, int MinRetryConcurrency)
{
    /// <summary>20 percent, at least 3: Envoy's values.</summary>
    public static RetryBudgetConfig Default { get; } = new(20, 3);
}
