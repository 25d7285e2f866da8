using System.Text.Json.Nodes;
using Headgate.Settings;
using Headgate.Settings.Source;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>Makes JSON of what was read from a file.</summary>
internal static class NodeJson
{
    /// <summary>Levels of a file: those that the Admin API takes of one object, and those above it in a document.</summary>
    public const int DepthMax = 70;

    /// <summary>The JSON of a value; what has none is reported, with its path, and becomes null.</summary>
    public static JsonNode? Of(SettingNode node, string path, SettingProblems problems)
    {
        switch (node)
        {
            case SettingNode.Map map:
                return OfMap(map, path, problems);
            case SettingNode.List list:
                return new JsonArray([.. list.Items.Select((item, index) => Of(item, $"{path}[{index}]", problems))]);
            case SettingNode.Scalar { Plain: false } text:
                return JsonValue.Create(text.Text);
            default:
                try
                {
                    return YamlScalar.Read(((SettingNode.Scalar)node).Text);
                }
                catch (FormatException e)
                {
                    problems.Error(node.Origin, path, e.Message);
                    return null;
                }
        }
    }

    private static JsonObject OfMap(SettingNode.Map map, string path, SettingProblems problems)
    {
        var made = new JsonObject();
        foreach (SettingEntry entry in map.Entries)
        {
            // The core schema has no merging; passing the key over would lose what it names without a word.
            if (entry.Key == "<<")
                problems.Error(entry.Origin, path, "<< is not supported: it is no part of YAML 1.2; write out what it names, or give whole values an alias (*name)");
            else
                made[entry.Key] = Of(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", problems);
        }

        return made;
    }
}
