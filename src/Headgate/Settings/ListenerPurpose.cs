namespace Headgate.Settings;

/// <summary>What a listener serves.</summary>
internal enum ListenerPurpose
{
    /// <summary>Traffic in clear text.</summary>
    Http,

    /// <summary>Traffic over TLS.</summary>
    Https,

    /// <summary>The Admin API.</summary>
    Admin,

    /// <summary>The control API.</summary>
    Control,

    /// <summary>Liveness and readiness.</summary>
    Status,

    /// <summary>The metrics page.</summary>
    Metrics,
}
