namespace Headgate.Control.Revisions.Audit;

/// <summary>A kind of record beside the objects: of people, or of places.</summary>
/// <param name="Name">As in paths: <c>users</c>.</param>
/// <param name="Prefix">With what the keys of its records begin.</param>
/// <param name="Below">What stands in their keys between the gateway group, which follows the prefix, and the id; null = no group stands in them.</param>
/// <param name="Secret">Member of the records that nobody is shown; null = none.</param>
internal sealed record AuditKind(string Name, string Prefix, string? Below = null, string? Secret = null);
