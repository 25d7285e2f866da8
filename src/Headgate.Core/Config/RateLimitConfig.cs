namespace Headgate.Core.Config;

/// <summary>Requests per second to an upstream, counted by each gateway instance: the upstream's <c>rate_limit</c>.</summary>
/// <param name="Rate">Requests per second, 0.001 to 1,000,000.</param>
/// <param name="Burst">Requests beyond the rate that are let through at once, 0 to 1,000,000; default 0.</param>
/// <param name="RejectedCode">Status of the others, 503 or 429; default 503.</param>
public sealed record RateLimitConfig(double Rate, int Burst, int RejectedCode);
