namespace Headgate.Control.AdminApi;

/// <summary>One key of <c>deployment.admin.admin_key</c>.</summary>
/// <param name="Name">Whom it belongs to; recorded with every change. Never empty.</param>
/// <param name="Key">The secret a client sends. Never empty, never logged.</param>
/// <param name="Role">What it may do.</param>
public sealed record AdminKey(string Name, string Key, AdminRole Role)
{
    /// <summary>Leaves the key out, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"AdminKey {{ Name = {Name}, Role = {Role} }}";
}
