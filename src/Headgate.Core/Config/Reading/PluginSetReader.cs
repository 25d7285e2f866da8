using System.Text.Json;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads plugin configs, consumer groups and global rules, which hold plugins and little else; and plugin metadata.</summary>
internal static class PluginSetReader
{
    public static PluginSetConfig? Read(ResourceKind kind, string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        reader.Id("id");
        reader.Require("plugins");
        string? name = null;
        if (kind == ResourceKind.GlobalRule)
        {
            MetadataReader.CheckTimes(reader);
        }
        else
        {
            name = kind == ResourceKind.ConsumerGroup ? reader.Text("name", 1, 256) : reader.Text("name");
            MetadataReader.CheckAbout(reader);
        }

        EquatableArray<PluginSetting> plugins = PluginsReader.Read(reader, out EquatableArray<string> unknown);
        var config = new PluginSetConfig { Id = id, Name = name, Plugins = plugins, UnknownPlugins = unknown };
        reader.ForbidOthers();
        return config;
    }

    public static PluginMetadataConfig? ReadMetadata(string plugin, JsonElement value, Findings findings)
    {
        if (!findings.Plugins.TryGet(plugin, out PluginDefinition? definition))
        {
            string present = string.Join(", ", findings.Plugins.All.Select(known => known.Name).Order(StringComparer.Ordinal));
            findings.Add(Phase.Early, Location.Root, $"invalid plugin name: {LuaText.Clip(plugin)} is none (there are: {present})");
        }

        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;
        reader.TryGet("id", out _);
        MetadataReader.CheckTimes(reader);
        return new PluginMetadataConfig(plugin, definition?.ReadMetadata(reader));
    }
}
