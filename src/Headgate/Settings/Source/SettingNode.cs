namespace Headgate.Settings.Source;

/// <summary>A value as it was written, before anyone knows what it should be.</summary>
/// <param name="Origin">Where it was written.</param>
internal abstract record SettingNode(SettingOrigin Origin)
{
    /// <summary>A single value.</summary>
    /// <param name="Origin">Where it was written.</param>
    /// <param name="Text">The text, quotes and escapes resolved.</param>
    /// <param name="Plain">Whether it stood without quotes, so that <c>9080</c> is a number and <c>true</c> a truth value.</param>
    internal sealed record Scalar(SettingOrigin Origin, string Text, bool Plain) : SettingNode(Origin);

    /// <summary>A list.</summary>
    internal sealed record List(SettingOrigin Origin, IReadOnlyList<SettingNode> Items) : SettingNode(Origin);

    /// <summary>A mapping; keys are unique.</summary>
    internal sealed record Map(SettingOrigin Origin, IReadOnlyList<SettingEntry> Entries) : SettingNode(Origin);

    /// <summary>Nothing written, or YAML's null: the key counts as absent.</summary>
    public bool IsNull => this is Scalar { Plain: true, Text: "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>What was given, for a text; a list or mapping is named, not printed.</summary>
    public string Given => this switch
    {
        Scalar { Plain: true } scalar => IsNull ? "nothing" : scalar.Text,
        Scalar scalar => $"\"{scalar.Text}\"",
        List => "a list",
        _ => "a mapping",
    };
}
