using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>Collects every problem of the settings, in the order found, so that a user sees all of them at once. Used by one thread.</summary>
internal sealed class SettingProblems
{
    private readonly List<SettingProblem> _errors = [];
    private readonly List<SettingProblem> _warnings = [];

    /// <summary>What keeps the gateway from starting.</summary>
    public IReadOnlyList<SettingProblem> Errors => _errors;

    /// <summary>What is accepted and should be known: no effect here, or a risk.</summary>
    public IReadOnlyList<SettingProblem> Warnings => _warnings;

    /// <summary>Adds an error.</summary>
    public void Error(SettingOrigin? origin, string path, string message) => _errors.Add(new SettingProblem(origin, path, message));

    /// <summary>Adds a warning.</summary>
    public void Warning(SettingOrigin? origin, string path, string message) => _warnings.Add(new SettingProblem(origin, path, message));

    /// <summary>Adds the usual error: this value is not allowed, that would be.</summary>
    public void NotAllowed(SettingNode node, string path, string allowed) => Error(node.Origin, path, $"{node.Given} is not allowed; use {allowed}");
}
