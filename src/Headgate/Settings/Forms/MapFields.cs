using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>Reads the fields of one element of a list and sees to it that every field is one of the known.</summary>
internal sealed class MapFields
{
    private readonly SettingNode.Map _map;
    private readonly string _path;
    private readonly SettingProblems _problems;

    /// <summary>Starts on <paramref name="map"/>; fields that are neither known nor without effect are reported.</summary>
    public MapFields(SettingNode.Map map, string path, SettingProblems problems, string[] known, string[] withoutEffect)
    {
        (_map, _path, _problems) = (map, path, problems);
        foreach (SettingEntry entry in map.Entries)
        {
            string entryPath = $"{path}.{entry.Key}";
            if (withoutEffect.Contains(entry.Key))
                problems.Warning(entry.Origin, entryPath, SettingTexts.NoEffect);
            else if (!known.Contains(entry.Key))
                problems.Error(entry.Origin, entryPath, SettingTexts.Unknown(entry.Key, entry.Value, path + ".", known, known));
        }
    }

    /// <summary>Whether every field read so far was good.</summary>
    public bool IsGood { get; private set; } = true;

    /// <summary>Reads a field; <paramref name="missing"/> when it is not there or null.</summary>
    public T Optional<T>(string key, SettingForm<T> form, T missing)
    {
        SettingEntry? entry = _map.Entries.FirstOrDefault(e => e.Key == key);
        if (entry is null || entry.Value.IsNull)
            return missing;
        IsGood &= form.TryRead(entry.Value, $"{_path}.{key}", _problems, out T value);
        return value;
    }

    /// <summary>Reads a field that must be there.</summary>
    public T Required<T>(string key, SettingForm<T> form)
    {
        if (_map.Entries.Any(e => e.Key == key && !e.Value.IsNull))
            return Optional(key, form, default!);
        _problems.Error(_map.Origin, $"{_path}.{key}", $"missing; use {form.Allowed}");
        IsGood = false;
        return default!;
    }
}
