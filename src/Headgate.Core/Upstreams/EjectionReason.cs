namespace Headgate.Core.Upstreams;

/// <summary>Which detection ejected a node.</summary>
public enum EjectionReason
{
    /// <summary>None did.</summary>
    None,

    /// <summary>Answers of 5xx and failed tries in a row.</summary>
    Consecutive5xx,

    /// <summary>Answers of 502, 503, 504 and failed tries in a row.</summary>
    ConsecutiveGatewayFailure,

    /// <summary>Too many failures in a window.</summary>
    FailurePercentage,

    /// <summary>A success rate too far below that of the others.</summary>
    SuccessRate,

    /// <summary>A latency too far above that of the others.</summary>
    Latency,
}
