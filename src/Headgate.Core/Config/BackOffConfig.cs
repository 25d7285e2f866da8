namespace Headgate.Core.Config;

/// <summary>How long a retry waits: a random time up to <paramref name="BaseInterval"/>, doubled with each further retry, never more than <paramref name="MaxInterval"/>.</summary>
/// <param name="BaseInterval">Longest wait before the first retry; above zero.</param>
/// <param name="MaxInterval">Longest wait before any; at least the base.</param>
/// <param name="RetryAfter">Whether a node's <c>Retry-After</c> with 429 or 503 takes the place of that.</param>
public sealed record BackOffConfig(TimeSpan BaseInterval, TimeSpan MaxInterval, bool RetryAfter);
