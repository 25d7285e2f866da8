namespace Headgate.Settings.Source;

/// <summary>One key of a mapping.</summary>
/// <param name="Key">The key as written.</param>
/// <param name="Origin">Where the key stands.</param>
/// <param name="Value">What it holds.</param>
internal sealed record SettingEntry(string Key, SettingOrigin Origin, SettingNode Value);
