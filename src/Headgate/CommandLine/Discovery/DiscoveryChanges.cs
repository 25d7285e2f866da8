using System.Text.Json;

namespace Headgate.CommandLine.Discovery;

/// <summary>Finds what is new between two looks at registries and services. The first look is told as a whole.</summary>
internal sealed class DiscoveryChanges
{
    private Dictionary<string, string> _registries = [];
    private Dictionary<string, (string Note, HashSet<string> Instances)> _services = [];

    /// <summary>A line for each change since the look before.</summary>
    public IReadOnlyList<string> Next(IReadOnlyList<JsonElement> registries, IReadOnlyList<JsonElement> services)
    {
        List<string> lines = [];
        Dictionary<string, string> statuses = registries.ToDictionary(DiscoveryText.NameOf, DiscoveryText.StatusOf);
        foreach ((string name, string status) in statuses)
        {
            if (_registries.GetValueOrDefault(name) != status)
                lines.Add($"registry {name} is {status}");
        }

        lines.AddRange(_registries.Keys.Where(name => !statuses.ContainsKey(name)).Select(static name => $"registry {name} is gone"));
        var found = new Dictionary<string, (string Note, HashSet<string> Instances)>();
        foreach (JsonElement service in services)
        {
            string title = DiscoveryText.Title(service);
            HashSet<string> instances = [.. service.GetProperty("instances").EnumerateArray().Select(DiscoveryText.Instance)];
            found[title] = (DiscoveryText.NoteOf(service), instances);
            Compare(lines, title, found[title]);
        }

        lines.AddRange(_services.Keys.Where(title => !found.ContainsKey(title)).Select(static title => $"{title} is no longer followed"));
        (_registries, _services) = (statuses, found);
        return lines;
    }

    private void Compare(List<string> lines, string title, (string Note, HashSet<string> Instances) now)
    {
        bool isNew = !_services.TryGetValue(title, out (string Note, HashSet<string> Instances) before);
        HashSet<string> known = before.Instances ?? [];
        if (isNew)
            lines.Add($"{title} is followed");
        lines.AddRange(known.Except(now.Instances).Order(StringComparer.Ordinal).Select(instance => $"{title}: - {instance}"));
        lines.AddRange(now.Instances.Except(known).Order(StringComparer.Ordinal).Select(instance => $"{title}: + {instance}"));
        if (now.Note != (before.Note ?? ""))
            lines.Add($"{title}: {(now.Note.Length == 0 ? "all is well" : now.Note)}");
    }
}
