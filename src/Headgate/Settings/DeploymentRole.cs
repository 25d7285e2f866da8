namespace Headgate.Settings;

/// <summary>What a process does.</summary>
internal enum DeploymentRole
{
    /// <summary>Control and data plane in one.</summary>
    Traditional,

    /// <summary>The Admin API, and no traffic.</summary>
    ControlPlane,

    /// <summary>Traffic, and no Admin API.</summary>
    DataPlane,
}
