namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>Whether a request is within its limit.</summary>
internal enum CountOutcome
{
    /// <summary>It is, and was counted.</summary>
    Admitted,

    /// <summary>There were as many before it as are allowed; it was not counted.</summary>
    Refused,

    /// <summary>What counts cannot be reached.</summary>
    Failed,

    /// <summary>The window is retired: look the key up again.</summary>
    Retired,
}
