using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>Turns a configuration file and an environment into <see cref="LoadedSettings"/>. Reads everything, so that all problems are found at once.</summary>
internal sealed class SettingsReader
{
    private readonly SettingProblems _problems = new();
    private readonly Dictionary<string, SettingNode> _values = [];

    private SettingsReader()
    {
    }

    /// <summary>Reads the file, then the environment over it.</summary>
    /// <param name="file">The file as the user named it; null = none, only defaults and the environment.</param>
    /// <param name="environment">Environment variables by name.</param>
    public static LoadedSettings Load(string? file, IReadOnlyDictionary<string, string> environment)
    {
        if (file is null)
            return Read(null, "", environment);
        try
        {
            return Read(File.ReadAllText(file), file, environment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = new SettingProblem(null, "", $"cannot read the configuration file {file}: {e.Message}");
            return new LoadedSettings(new GatewaySettings(), [problem], []);
        }
    }

    /// <summary>As <see cref="Load"/>, with the file's text at hand.</summary>
    public static LoadedSettings Read(string? text, string fileName, IReadOnlyDictionary<string, string> environment)
    {
        var reader = new SettingsReader();
        if (text is not null)
            reader.ReadFile(text, fileName, environment);
        EnvironmentOverrides.Read(environment, reader._values, reader._problems);
        GatewaySettings settings = reader.Apply();
        if (Path.GetDirectoryName(fileName) is { Length: > 0 } folder)
            settings = settings with { ConfigFolder = folder };
        SettingsRules.Check(settings, reader._values, reader._problems);
        return new LoadedSettings(settings, InOrder(reader._problems.Errors), InOrder(reader._problems.Warnings));
    }

    // As a reader of the file goes through it; what came from the environment, or was not written at all, after that.
    private static SettingProblem[] InOrder(IEnumerable<SettingProblem> problems) =>
        [.. problems.OrderBy(p => p.Origin is { Line: > 0 } origin ? origin.Line : long.MaxValue)];

    private void ReadFile(string text, string fileName, IReadOnlyDictionary<string, string> environment)
    {
        string substituted = VariableSubstitution.Apply(text, fileName, name => environment.GetValueOrDefault(name), _problems);
        SettingNode? root = YamlSource.Read(substituted, line => new SettingOrigin(fileName, line), _problems);
        if (root is SettingNode.Map map)
            ReadSection(map, "");
        else if (root is { IsNull: false })
            _problems.Error(root.Origin, "", $"the file holds {root.Given}; use a mapping such as \"apisix:\"");
    }

    /// <param name="map">The section.</param>
    /// <param name="parent">Its path with a dot at the end; empty at the top.</param>
    private void ReadSection(SettingNode.Map map, string parent)
    {
        foreach (SettingEntry entry in map.Entries)
        {
            string path = parent + entry.Key;
            if (KeysWithoutEffect.Find(path) is { } inert)
                ReadWithoutEffect(inert, entry);
            else if (SettingTable.Find(path) is not null)
                Keep(path, entry.Value);
            else if (!KnownPaths.IsSection(path))
                _problems.Error(entry.Origin, path, SettingTexts.Unknown(entry.Key, entry.Value, parent, KnownPaths.ActingChildren(parent), KnownPaths.Children(parent)));
            else if (entry.Value is SettingNode.Map section)
                ReadSection(section, path + ".");
            else if (!entry.Value.IsNull)
                _problems.NotAllowed(entry.Value, path, $"a mapping with {string.Join(", ", KnownPaths.ActingChildren(path + "."))}");
        }
    }

    /// <summary>A section of which a few keys act.</summary>
    private void ReadWithoutEffect(KeyWithoutEffect inert, SettingEntry entry)
    {
        if (SettingTable.HasBelow(inert.Path) && entry.Value is SettingNode.Map { Entries.Count: > 0 } section)
            KeepActing(section, inert.Path + ".");
        else
            WarnWithoutEffect(inert, entry);
    }

    private void KeepActing(SettingNode.Map map, string parent)
    {
        foreach (SettingEntry entry in map.Entries)
        {
            string path = parent + entry.Key;
            if (SettingTable.Find(path) is not null)
                Keep(path, entry.Value);
            else if (SettingTable.HasBelow(path) && entry.Value is SettingNode.Map section)
                KeepActing(section, path + ".");
            else if (!entry.Value.IsNull)
                _problems.Warning(entry.Origin, path, SettingTexts.NoEffect);
        }
    }

    private void Keep(string path, SettingNode value)
    {
        if (!value.IsNull)
            _values[path] = value;
    }

    private void WarnWithoutEffect(KeyWithoutEffect inert, SettingEntry entry)
    {
        bool silent = entry.Value.IsNull || (entry.Value is SettingNode.Scalar scalar && inert.Silent.Contains(scalar.Text));
        if (!silent)
            _problems.Warning(entry.Origin, inert.Path, SettingTexts.NoEffect);
    }

    private GatewaySettings Apply()
    {
        var settings = new GatewaySettings();
        foreach (SettingKey key in SettingTable.Keys)
        {
            if (_values.TryGetValue(key.Path, out SettingNode? value))
                settings = key.Apply(settings, value, _problems);
        }

        return settings;
    }
}
