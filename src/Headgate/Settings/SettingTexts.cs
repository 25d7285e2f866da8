using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>Texts that several places use.</summary>
internal static class SettingTexts
{
    /// <summary>Of a key of APISIX's that does nothing here.</summary>
    public const string NoEffect = "accepted, without effect here";

    private static readonly string[] SecretWords = ["key", "secret", "password", "token"];

    /// <summary>Of an unknown key: what was given, the nearest known key, what is known in its place.</summary>
    /// <param name="key">The key as written.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="parent">Path of what holds it, with a dot at the end; empty at the top.</param>
    /// <param name="nearby">Keys known in its place, shown to the user.</param>
    /// <param name="candidates">All keys that it might have been meant for, below <paramref name="parent"/>.</param>
    public static string Unknown(string key, SettingNode value, string parent, IReadOnlyList<string> nearby, IReadOnlyList<string> candidates)
    {
        string given = SecretWords.Any(w => key.Contains(w, StringComparison.OrdinalIgnoreCase)) ? "" : $" (given: {value.Given})";
        string? nearest = NearestName.Of(key, candidates);
        string hint = nearest is null ? "" : $"; did you mean {parent}{nearest}?";
        return $"unknown key{given}{hint}{(nearest is null ? "; " : " ")}known here: {string.Join(", ", nearby)}";
    }
}
