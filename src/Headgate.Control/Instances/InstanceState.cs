namespace Headgate.Control.Instances;

/// <summary>How an instance is, in API7's words.</summary>
internal enum InstanceState
{
    /// <summary>It is heard, and runs the configuration of its group.</summary>
    Healthy,

    /// <summary>It is heard, and does not run what it should.</summary>
    OutOfSync,

    /// <summary>It was not heard for half a minute.</summary>
    LostConnection,

    /// <summary>It has stopped, or was not heard for two hours. A week later it is forgotten.</summary>
    Offline,
}
