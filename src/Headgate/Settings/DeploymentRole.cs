namespace Headgate.Settings;

/// <summary>What a process does.</summary>
internal enum DeploymentRole
{
    /// <summary>Control and data plane in one.</summary>
    Traditional,
}
