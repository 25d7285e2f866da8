namespace Headgate.Proxy.Tls;

/// <summary>A file that a setting names.</summary>
/// <param name="Setting">Key of the setting, for whoever has to put the file right.</param>
/// <param name="Path">Where the file is.</param>
public sealed record SettingFile(string Setting, string Path);
