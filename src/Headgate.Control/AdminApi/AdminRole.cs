namespace Headgate.Control.AdminApi;

/// <summary>What an admin key may do.</summary>
public enum AdminRole
{
    /// <summary>Everything.</summary>
    Admin,

    /// <summary>Only GET.</summary>
    Viewer,
}
