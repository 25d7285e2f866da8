namespace Headgate.Core.Upstreams;

/// <summary>How a try ended, as outlier detection sees it.</summary>
public enum TryVerdict
{
    /// <summary>An answer below 500.</summary>
    Success,

    /// <summary>An answer of 5xx that the node itself made.</summary>
    Error,

    /// <summary>No answer, a broken one, or one of 502, 503 and 504, which say that something behind the node failed.</summary>
    GatewayFailure,
}
