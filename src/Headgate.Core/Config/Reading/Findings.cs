using System.Globalization;
using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Config.Reading;

/// <summary>Problems and notes of one object, kept apart by <see cref="Phase"/> until all are known. Not thread-safe.</summary>
public sealed class Findings
{
    /// <summary>Problems, and notes, that are listed; what comes after is only counted. A person reads fewer, a hostile body can hold 200,000.</summary>
    public const int Max = 1000;

    private readonly List<(Phase Phase, ConfigError Error)> _errors = [];
    private readonly List<ConfigError> _warnings = [];
    private int _unlisted;

    /// <summary>A plugin that this gateway does not have is a warning instead of an error.</summary>
    public bool AcceptUnknownPlugins { get; init; }

    /// <summary>The plugins that this gateway has; none unless set.</summary>
    public PluginCatalog Plugins { get; init; } = PluginCatalog.Empty;

    /// <summary>The object's key, <c>/apisix/routes/1</c>; empty where it is of no account.</summary>
    public string OwnerKey { get; init; } = "";

    /// <summary>Whether there is a problem so far.</summary>
    public bool HasErrors => _errors.Count > 0;

    /// <summary>A problem that the schema has with the value at <paramref name="at"/>; the text gets APISIX's lead for that place.</summary>
    public void Schema(Location at, string problem)
    {
        if (HasRoom())
            _errors.Add((at.IsInPlugin ? Phase.Check : Phase.Schema, new ConfigError(at.Path, at.Describe(problem))));
    }

    /// <summary>A problem outside the schema; <paramref name="message"/> is the whole text.</summary>
    public void Add(Phase phase, Location at, string message)
    {
        if (HasRoom())
            _errors.Add((phase, new ConfigError(at.Path, message)));
    }

    /// <summary>A note: nothing is refused for it.</summary>
    public void Warn(Location at, string message)
    {
        if (_warnings.Count < Max)
            _warnings.Add(new ConfigError(at.Path, message));
    }

    /// <summary>Notes that a field of APISIX's does nothing here yet.</summary>
    public void WarnNoEffectYet(Location at) => Warn(at, $"{at.Path} has no effect here yet");

    /// <summary>Gives everything found to <paramref name="errors"/>, in the order of the phases.</summary>
    public void PourInto(ConfigErrors errors)
    {
        // OrderBy is stable: within a phase the order of discovery stays.
        foreach ((_, ConfigError error) in _errors.OrderBy(entry => entry.Phase))
            errors.Add(error.Path, error.Message);
        if (_unlisted > 0)
            errors.Add("", string.Create(CultureInfo.InvariantCulture, $"{_unlisted} more problems are not listed"));
        foreach (ConfigError warning in _warnings)
            errors.Warn(warning.Path, warning.Message);
    }

    private bool HasRoom()
    {
        if (_errors.Count < Max)
            return true;

        _unlisted++;
        return false;
    }
}
