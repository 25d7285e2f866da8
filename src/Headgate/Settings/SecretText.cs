namespace Headgate.Settings;

/// <summary>A text that nothing shows: a record that reaches a log carries no secret.</summary>
/// <param name="Value">The text.</param>
internal sealed record SecretText(string Value)
{
    /// <summary>Leaves the text out.</summary>
    public override string ToString() => "***";
}
