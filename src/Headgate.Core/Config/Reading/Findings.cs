namespace Headgate.Core.Config.Reading;

/// <summary>Problems and notes of one object, kept apart by <see cref="Phase"/> until all are known. Not thread-safe.</summary>
internal sealed class Findings
{
    private readonly List<(Phase Phase, ConfigError Error)> _errors = [];
    private readonly List<ConfigError> _warnings = [];

    /// <summary>A plugin that this gateway does not have is a warning instead of an error.</summary>
    public bool AcceptUnknownPlugins { get; init; }

    public bool HasErrors => _errors.Count > 0;

    /// <summary>A problem that the schema has with the value at <paramref name="at"/>; the text gets APISIX's lead for that place.</summary>
    public void Schema(Location at, string problem) => _errors.Add((Phase.Schema, new ConfigError(at.Path, at.Describe(problem))));

    /// <summary>A problem outside the schema; <paramref name="message"/> is the whole text.</summary>
    public void Add(Phase phase, Location at, string message) => _errors.Add((phase, new ConfigError(at.Path, message)));

    public void Warn(Location at, string message) => _warnings.Add(new ConfigError(at.Path, message));

    public void WarnNoEffectYet(Location at) => Warn(at, $"{at.Path} has no effect here yet");

    public void PourInto(ConfigErrors errors)
    {
        // OrderBy is stable: within a phase the order of discovery stays.
        foreach ((_, ConfigError error) in _errors.OrderBy(entry => entry.Phase))
            errors.Add(error.Path, error.Message);
        foreach (ConfigError warning in _warnings)
            errors.Warn(warning.Path, warning.Message);
    }
}
