using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>Something wrong, or without effect, in the settings.</summary>
/// <param name="Origin">Where it was written; null when it is about something that was not written.</param>
/// <param name="Path">Path of the key; empty when it is about a file or variable as a whole.</param>
/// <param name="Message">What is wrong and what to do; no full stop.</param>
internal sealed record SettingProblem(SettingOrigin? Origin, string Path, string Message)
{
    /// <summary><c>config.yaml:3: apisix.node_listen: message</c>.</summary>
    public override string ToString()
    {
        string where = Origin is { } origin ? $"{origin}: " : "";
        return Path.Length == 0 ? where + Message : $"{where}{Path}: {Message}";
    }
}
