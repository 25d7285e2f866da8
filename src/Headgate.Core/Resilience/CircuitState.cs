namespace Headgate.Core.Resilience;

/// <summary>What a <see cref="CircuitBreaker"/> does with requests.</summary>
public enum CircuitState
{
    /// <summary>Lets all through.</summary>
    Closed,

    /// <summary>Lets none through.</summary>
    Open,

    /// <summary>Lets a few through, to see how they fare.</summary>
    HalfOpen,
}
