using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;
using Headgate.Settings;
using Headgate.Settings.Source;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>Finds the objects in documents: lists by their kinds' plurals. Every problem is reported, and what is in order is read all the same.</summary>
internal sealed class DocumentReader(SettingProblems problems)
{
    private const string Credentials = "credentials";
    private const string VersionSuffix = "_conf_version";


    private readonly Dictionary<ObjectName, WantedObject> _objects = [];
    private readonly HashSet<ResourceKind> _mentioned = [];
    private readonly HashSet<string> _withCredentials = new(StringComparer.Ordinal);

    /// <summary>All that was read.</summary>
    public WantedConfiguration Read() =>
        new([.. _objects.Values.OrderBy(static wanted => ObjectName.WriteOrder.IndexOf(wanted.Name.Kind)).ThenBy(static wanted => wanted.Name.Id, StringComparer.Ordinal)], _mentioned, _withCredentials);

    /// <summary>Reads a document.</summary>
    public void Add(SettingNode document)
    {
        if (document is not SettingNode.Map map)
        {
            problems.Error(document.Origin, "", $"{document.Given} is no configuration; write kinds with lists of objects, such as upstreams: [...]");
            return;
        }

        // APISIX's own file has versions of its kinds beside them; they say nothing here.
        foreach (SettingEntry entry in map.Entries.Where(static entry => !entry.Key.EndsWith(VersionSuffix, StringComparison.Ordinal)))
            AddKind(entry);
    }

    private void AddKind(SettingEntry entry)
    {
        if (ObjectName.Listed.Where(kind => kind.Plural() == entry.Key).Cast<ResourceKind?>().FirstOrDefault() is not { } kind)
        {
            string hint = entry.Key == Credentials ? "credentials stand in their consumer, as its member credentials" : ObjectName.NoKind(entry.Key, ObjectName.Listed);
            problems.Error(entry.Origin, "", hint);
            return;
        }

        _mentioned.Add(kind);
        foreach ((SettingNode.Map item, string path) in Items(entry.Value, entry.Key))
        {
            if (kind == ResourceKind.Consumer)
                AddConsumer(item, path);
            else if (IdOf(item, "id", path) is { } id)
                Add(new ObjectName(kind, id), item, path);
        }
    }

    private void AddConsumer(SettingNode.Map item, string path)
    {
        // As APISIX has them in a list: a credential among the consumers, told by its id.
        if (item.Entries.FirstOrDefault(static entry => entry.Key == "id")?.Value is SettingNode.Scalar { Text: var whole } && whole.Contains($"/{Credentials}/", StringComparison.Ordinal))
        {
            Add(new ObjectName(ResourceKind.Credential, whole), item, path);
            _withCredentials.Add(ResourceKinds.ConsumerOf(whole));
            return;
        }

        if (IdOf(item, "username", path) is not { } name)
            return;
        Add(new ObjectName(ResourceKind.Consumer, name), item, path);
        if (item.Entries.FirstOrDefault(static entry => entry.Key == Credentials) is not { } credentials)
            return;
        _withCredentials.Add(name);
        foreach ((SettingNode.Map credential, string at) in Items(credentials.Value, $"{path}.{Credentials}"))
        {
            if (IdOf(credential, "id", at) is { } id)
                Add(new ObjectName(ResourceKind.Credential, ResourceKinds.CredentialId(name, id)), credential, at);
        }
    }

    private IEnumerable<(SettingNode.Map Item, string Path)> Items(SettingNode value, string path)
    {
        if (value.IsNull)
            yield break;
        if (value is not SettingNode.List list)
        {
            problems.NotAllowed(value, path, "a list of objects");
            yield break;
        }

        for (int index = 0; index < list.Items.Count; index++)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (list.Items[index] is SettingNode.Map item)
                yield return (item, at);
            else
                problems.NotAllowed(list.Items[index], at, "an object");
        }
    }

    private string? IdOf(SettingNode.Map item, string member, string path)
    {
        switch (item.Entries.FirstOrDefault(entry => entry.Key == member))
        {
            case { Value: SettingNode.Scalar { IsNull: false, Text.Length: > 0 } id }:
                return id.Text;
            case { } wrong:
                problems.NotAllowed(wrong.Value, $"{path}.{member}", "a text or a number");
                return null;
            default:
                problems.Error(item.Origin, path, $"has no {member}, and without one it would be another object each time; give it one");
                return null;
        }
    }

    private void Add(ObjectName name, SettingNode.Map item, string path)
    {
        var value = (JsonObject)NodeJson.Of(item, path, problems)!;
        foreach (string left in (IEnumerable<string>)[.. ObjectName.Times, .. name.Kind == ResourceKind.ServiceRegistry ? ObjectName.RegistryStates : [], .. name.Kind == ResourceKind.Consumer ? (string[])[Credentials] : []])
            value.Remove(left);
        if (value.TryGetPropertyValue("id", out JsonNode? id) && id?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number)
            value["id"] = name.Kind == ResourceKind.Consumer ? id!.ToString() : name.OwnId;
        if (!_objects.TryAdd(name, new WantedObject(name, value, item)))
            problems.Error(item.Origin, path, $"{name} is written twice; the first is at {_objects[name].Written.Origin}");
    }
}
