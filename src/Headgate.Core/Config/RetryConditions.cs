namespace Headgate.Core.Config;

/// <summary>What of a try that got no answer is tried again. Names follow Envoy's <c>retry_on</c>; statuses are a set of their own (<see cref="RetryConfig.Statuses"/>).</summary>
[Flags]
public enum RetryConditions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There was no connection: refused, unreachable, not in time, TLS failed, the name resolves to nothing.</summary>
    ConnectFailure = 1,

    /// <summary>The connection broke before an answer, or what came is none.</summary>
    Reset = 2,

    /// <summary>The node took no bytes or gave no answer in time.</summary>
    Timeout = 4,
}
