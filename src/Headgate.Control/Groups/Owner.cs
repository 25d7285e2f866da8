namespace Headgate.Control.Groups;

/// <summary>Which workspace owns an object.</summary>
/// <param name="Workspace">Its id; null = none any more: the record was deleted.</param>
/// <param name="ModRevision">Revision of the record.</param>
internal sealed record Owner(string? Workspace, long ModRevision);
