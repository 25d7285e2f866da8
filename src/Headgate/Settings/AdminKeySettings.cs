using Headgate.Control.AdminApi;

namespace Headgate.Settings;

/// <summary>One key of the Admin API.</summary>
/// <param name="Name">Name that the history of changes shows.</param>
/// <param name="Key">The secret; null = generated and kept in the data folder. Never logged.</param>
/// <param name="Role">What it may do.</param>
internal sealed record AdminKeySettings(string Name, string? Key, AdminRole Role)
{
    /// <summary>Id of the only gateway group that it may act on; null = all.</summary>
    public string? Group { get; init; }

    /// <summary>Id of the only workspace of <see cref="Group"/>; null = all.</summary>
    public string? Workspace { get; init; }

    /// <summary>Whether it may do everything everywhere.</summary>
    public bool IsWhole => Role == AdminRole.Admin && Group is null;

    /// <summary>Leaves the key out, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"AdminKeySettings {{ Name = {Name}, Role = {Role}, Group = {Group}, Workspace = {Workspace}, Key = {(Key is null ? "generated" : "set")} }}";
}
