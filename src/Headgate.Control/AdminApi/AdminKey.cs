using Headgate.Control.AdminApi.Objects;

namespace Headgate.Control.AdminApi;

/// <summary>One key of <c>deployment.admin.admin_key</c>.</summary>
/// <param name="Name">Whom it belongs to; recorded with every change. Never empty.</param>
/// <param name="Key">The secret a client sends. Never empty, never logged.</param>
/// <param name="Role">What it may do.</param>
public sealed record AdminKey(string Name, string Key, AdminRole Role)
{
    /// <summary>Id of the only gateway group that it may act on, which is meant when a request names none; null = all, and the default one.</summary>
    public string? Group { get; init; }

    /// <summary>Id of the only workspace of <see cref="Group"/> likewise; null = all of it, and the default one.</summary>
    public string? Workspace { get; init; }

    /// <summary>Whether an id can be one of a gateway group or workspace.</summary>
    public static bool IsPlace(string id) => ObjectId.IsLegal(id);

    /// <summary>Leaves the key out, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"AdminKey {{ Name = {Name}, Role = {Role}, Group = {Group}, Workspace = {Workspace} }}";
}
