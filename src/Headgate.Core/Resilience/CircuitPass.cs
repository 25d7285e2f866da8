namespace Headgate.Core.Resilience;

/// <summary>Whether a request may pass a <see cref="CircuitBreaker"/>, and in what capacity. Its outcome comes back with it.</summary>
/// <param name="Epoch">Which state of the breaker let it through: an outcome that comes after the state has changed says nothing about the present one.</param>
/// <param name="IsAdmitted">Whether it may.</param>
/// <param name="IsChange">Whether the circuit went half-open with it.</param>
/// <param name="RetryAfterSeconds">When it is refused: whole seconds, at least 1, until trial requests may pass, or a trial may have ended; else 0.</param>
public readonly record struct CircuitPass(int Epoch, bool IsAdmitted, bool IsChange, int RetryAfterSeconds = 0);
