namespace Headgate.Settings.Source;

/// <summary>Where a value was written: a line of a file, or an environment variable.</summary>
/// <param name="Name">File as the user named it, or the variable's name.</param>
/// <param name="Line">Line in the file, from 1; 0 = an environment variable.</param>
internal readonly record struct SettingOrigin(string Name, long Line)
{
    /// <summary><c>config.yaml:12</c> or <c>environment variable HEADGATE_X</c>.</summary>
    public override string ToString() => Line > 0 ? $"{Name}:{Line}" : $"environment variable {Name}";
}
