using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads a consumer, and its credentials.</summary>
internal static partial class ConsumerReader
{
    private const string NamePattern = @"^[a-zA-Z0-9_\-]+$";
    private const string PluginLead = "invalid plugins configuration: ";
    private const int NameMax = 256;

    public static ConsumerConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        string? name = reader.Text("username", 1, NameMax);
        if (name is not null && !Name().IsMatch(name))
            JsonValues.MatchesNot(NamePattern, name, reader.At.Property("username"), findings);
        reader.Require("username");
        reader.Id("id");
        MetadataReader.CheckAbout(reader);
        var config = new ConsumerConfig
        {
            Username = name ?? id,
            GroupId = reader.Id("group_id"),
            CustomId = MetadataReader.Label(reader, "custom_id"),
            Plugins = PluginsReader.Read(reader, out EquatableArray<string> unknown, PluginLead, ofConsumer: true),
            UnknownPlugins = unknown,
        };
        reader.ForbidOthers();
        return config;
    }

    public static CredentialConfig? ReadCredential(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        // APISIX's own form of the id among all credentials is taken beside the plain one.
        if (reader.TryGet("id", out JsonElement own) && !(own.ValueKind == JsonValueKind.String && FullId().IsMatch(own.GetString()!)))
            JsonValues.Id(own, reader.At.Property("id"), findings);
        string? name = reader.Text("name", 1, NameMax);
        MetadataReader.CheckAbout(reader);
        EquatableArray<PluginSetting> plugins = PluginsReader.Read(reader, out EquatableArray<string> unknown, PluginLead, ofConsumer: true);
        CheckPlugins(reader, [.. plugins.Items.Select(setting => setting.Plugin.Name), .. unknown]);
        reader.ForbidOthers();
        return plugins.Count == 0 ? null : new CredentialConfig { Id = id, Name = name, Plugin = plugins[0] };
    }

    private static void CheckPlugins(ObjectReader reader, string[] plugins)
    {
        Location at = reader.At.Property("plugins");
        if (plugins.Length > 1)
            reader.Findings.Schema(at, $"expect object to have at most 1 properties (given {string.Join(", ", plugins.Select(LuaText.Clip))})");
        else if (plugins.Length == 0 && !reader.Findings.HasErrors)
            reader.Findings.Add(Phase.Own, at, "plugins must hold exactly one auth plugin: without it the credential is good for nothing");
        foreach (string name in plugins)
        {
            if (reader.Findings.Plugins.TryGet(name, out PluginDefinition? plugin) && !plugin.IsAuthentication)
                reader.Findings.Add(Phase.Check, at.Property(name), $"only supports auth type plugins in consumer credential ({name} is none)");
        }
    }

    [GeneratedRegex(@"^[a-zA-Z0-9_\-]+\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-zA-Z0-9_\-]+/credentials/[a-zA-Z0-9_.\-]{1,64}\z")]
    private static partial Regex FullId();
}
