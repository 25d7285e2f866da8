namespace Headgate.Settings;

/// <summary>What a key of the Admin API may do.</summary>
internal enum AdminRole
{
    /// <summary>Read and write.</summary>
    Admin,

    /// <summary>Read.</summary>
    Viewer,
}
