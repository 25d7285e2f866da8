namespace Headgate.Core.Config;

/// <summary>When a request that has no answer yet is sent to a further node (<c>hedging_policy</c>). The names are gRPC's (proposal A6).</summary>
/// <param name="Delay">How long a try may go without the head of an answer before the next one begins beside it; above 0.</param>
/// <param name="MaxAttempts">Tries of a request that may be under way at once, the first included; 2 to <see cref="MaxAttemptsMax"/>.</param>
public sealed record HedgingConfig(TimeSpan Delay, int MaxAttempts = HedgingConfig.MaxAttemptsDefault)
{
    /// <summary>What <see cref="MaxAttempts"/> is when it is not written.</summary>
    public const int MaxAttemptsDefault = 2;

    /// <summary>The most that may be written; gRPC's bound.</summary>
    public const int MaxAttemptsMax = 5;
}
