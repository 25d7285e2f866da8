namespace Headgate.Core.Upstreams;

/// <summary>What a probe or a try says about a node.</summary>
public enum HealthEvent
{
    /// <summary>Nothing either way.</summary>
    None,

    /// <summary>It works.</summary>
    Success,

    /// <summary>It answered with a status that counts as failure, or with something that is no answer.</summary>
    HttpFailure,

    /// <summary>No connection, or one that broke before an answer.</summary>
    TcpFailure,

    /// <summary>Nothing came in time.</summary>
    Timeout,
}
