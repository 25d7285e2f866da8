using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>subset</c>.</summary>
internal static class SubsetReader
{
    /// <summary>Keys of one upstream at most.</summary>
    private const int KeysMax = 8;

    private static readonly ImmutableArray<string> Fallbacks = ["any", "none", "default"];

    /// <summary>Null when there is none, or none that can be used.</summary>
    public static SubsetConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("subset") is not { } reader)
            return null;

        reader.Require("keys");
        EquatableArray<SubsetKeyConfig> keys = ReadKeys(reader);
        SubsetFallback fallback = reader.Choice("fallback_policy", Fallbacks) switch
        {
            "none" => SubsetFallback.None,
            "default" => SubsetFallback.Default,
            _ => SubsetFallback.Any,
        };
        EquatableArray<MetadataEntry> standard = NodeMetadataReader.Read(reader, "default_subset");
        CheckDefault(reader, keys, fallback, standard);
        reader.ForbidOthers();
        return keys.Count == 0 ? null : new SubsetConfig(keys, fallback, fallback == SubsetFallback.Default ? standard : []);
    }

    /// <summary>A choice among nothing has no effect; more choices than pickers are made for would leave some out.</summary>
    public static void CheckEffect(ObjectReader upstream, UpstreamConfig config)
    {
        if (config.Subset is not { } subset || config.Nodes.Count == 0)
            return;
        Location at = upstream.At.Property("subset").Property("keys");
        var values = new HashSet<EquatableArray<MetadataEntry>>();
        foreach (NodeConfig node in config.Nodes)
        {
            if (Of(node, subset) is { } entries)
                values.Add(entries);
        }

        string names = string.Join(", ", subset.Keys.Items.Select(static key => key.Key));
        if (values.Count == 0)
            Refuse($"has no effect: no node has all of {names} in its metadata");
        else if (values.Count > SubsetConfig.SubsetsMax)
            Refuse($"makes {values.Count} subsets of the nodes; at most {SubsetConfig.SubsetsMax} are allowed");
        if (values.Any(static entries => entries.Items.Any(static entry => Encoding.UTF8.GetByteCount(entry.Value) > SubsetConfig.ValueBytesMax)))
            Refuse($"is asked of a value above {SubsetConfig.ValueBytesMax} bytes in a node's metadata");
        if (subset.Fallback == SubsetFallback.Default && values.Count > 0 && !values.Contains(subset.DefaultSubset))
            Refuse("has a default_subset that no node is in");

        void Refuse(string problem) => upstream.Findings.Add(Phase.Own, at, $"{at.Path} {problem}");
    }

    /// <summary>A node's values for the keys, in their order; null when it lacks one.</summary>
    private static EquatableArray<MetadataEntry>? Of(NodeConfig node, SubsetConfig subset)
    {
        var entries = new MetadataEntry[subset.Keys.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            string key = subset.Keys[i].Key;
            if (NodeMetadata.Find(node, key) is not { } value)
                return null;
            entries[i] = new MetadataEntry(key, value);
        }

        return [.. entries];
    }

    private static EquatableArray<SubsetKeyConfig> ReadKeys(ObjectReader parent)
    {
        if (!parent.TryGet("keys", out JsonElement value))
            return [];
        Location at = parent.At.Property("keys");
        if (ObjectReader.Open(value, at, parent.Findings) is null)
            return [];

        var keys = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
        {
            Location place = at.Key(property.Name);
            if (JsonValues.Text(property.Value, place, parent.Findings, 1, 256) is not { } variable)
                continue;
            if (!RequestVariable.Parse(variable).IsSupported)
                parent.Findings.Add(Phase.Own, place, $"{place.Path}: {LuaText.Quote(variable)} is no variable of a request here; use such as http_x_version, arg_version, cookie_version, host");
            keys[property.Name] = variable;
        }

        if (keys.Count is 0 or > KeysMax)
            parent.Findings.Add(Phase.Own, at, $"{at.Path} names {keys.Count} keys; allowed: 1 to {KeysMax}");
        return new EquatableArray<SubsetKeyConfig>([.. keys.Select(static key => new SubsetKeyConfig(key.Key, key.Value))]);
    }

    private static void CheckDefault(ObjectReader reader, EquatableArray<SubsetKeyConfig> keys, SubsetFallback fallback, EquatableArray<MetadataEntry> standard)
    {
        Location at = reader.At.Property("default_subset");
        if (fallback != SubsetFallback.Default)
        {
            if (reader.Has("default_subset"))
                reader.Findings.Add(Phase.Own, at, $"{at.Path} has no effect while {reader.At.Property("fallback_policy").Path} is not default");
            return;
        }

        if (!standard.Items.Select(static entry => entry.Key).SequenceEqual(keys.Items.Select(static key => key.Key)))
            reader.Findings.Add(Phase.Own, at, $"{at.Path} needs a value for each of {string.Join(", ", keys.Items.Select(static key => key.Key))}, and for nothing else");
    }
}
