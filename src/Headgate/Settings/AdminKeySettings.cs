using Headgate.Control.AdminApi;

namespace Headgate.Settings;

/// <summary>One key of the Admin API.</summary>
/// <param name="Name">Name that the history of changes shows.</param>
/// <param name="Key">The secret; null = generated and kept in the data folder. Never logged.</param>
/// <param name="Role">What it may do.</param>
internal sealed record AdminKeySettings(string Name, string? Key, AdminRole Role)
{
    /// <summary>Leaves the key out, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"AdminKeySettings {{ Name = {Name}, Role = {Role}, Key = {(Key is null ? "generated" : "set")} }}";
}
