namespace Headgate.Core.Config;

/// <summary>
/// Collects every problem of a configuration object, in the order in which they were found, so that a client sees all of them at once.
/// Not thread-safe: one instance per validation.
/// </summary>
public sealed class ConfigErrors
{
    private readonly List<ConfigError> _errors = [];
    private readonly List<ConfigError> _warnings = [];

    /// <summary>Problems that refuse the object. The first is the one APISIX would have answered.</summary>
    public IReadOnlyList<ConfigError> Errors => _errors;

    /// <summary>What is accepted but has no effect here (a field of APISIX's that Headgate does not act on).</summary>
    public IReadOnlyList<ConfigError> Warnings => _warnings;

    /// <summary>True when nothing refuses the object.</summary>
    public bool IsValid => _errors.Count == 0;

    /// <summary>Adds a problem that refuses the object.</summary>
    public void Add(string path, string message) => _errors.Add(new ConfigError(path, message));

    /// <summary>Adds a note about something that is accepted and has no effect.</summary>
    public void Warn(string path, string message) => _warnings.Add(new ConfigError(path, message));
}
