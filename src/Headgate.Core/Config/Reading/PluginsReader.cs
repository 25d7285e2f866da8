using System.Text.Json;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>plugins</c>: names to configurations.</summary>
internal static class PluginsReader
{
    /// <summary>The entries in the order written. <paramref name="unknown"/>: names of those that this gateway does not have, where they are not errors.</summary>
    /// <remarks><paramref name="lead"/> stands before every text but the schema's, as APISIX puts it at consumers; <paramref name="ofConsumer"/>: they are read as a consumer carries them.</remarks>
    public static EquatableArray<PluginSetting> Read(ObjectReader owner, out EquatableArray<string> unknown, string lead = "", bool ofConsumer = false)
    {
        unknown = [];
        if (!owner.TryGet("plugins", out JsonElement plugins))
            return [];

        Location at = owner.At.Property("plugins");
        if (ObjectReader.Open(plugins, at, owner.Findings) is null || plugins.ValueKind != JsonValueKind.Object)
            return [];

        var settings = new List<PluginSetting>();
        var missing = new List<string>();
        foreach (JsonProperty plugin in plugins.EnumerateObject())
        {
            Location place = at.Plugin(plugin.Name);
            if (plugin.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                owner.Findings.Add(Phase.Check, place, $"{lead}invalid plugin conf {LuaText.Clip(plugin.Value.GetRawText())} for plugin [{LuaText.Clip(plugin.Name)}]");
            }
            else if (!owner.Findings.Plugins.TryGet(plugin.Name, out PluginDefinition? definition))
            {
                ReportUnknown(owner.Findings, place, plugin.Name, lead);
                missing.Add(plugin.Name);
            }
            else if (ReadOne(definition, plugin.Value, place, owner.Findings, ofConsumer) is { } setting)
            {
                settings.Add(setting);
            }
        }

        unknown = new EquatableArray<string>([.. missing]);
        return new EquatableArray<PluginSetting>([.. settings]);
    }

    private static PluginSetting? ReadOne(PluginDefinition plugin, JsonElement value, Location at, Findings findings, bool ofConsumer)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;

        PluginMeta? meta = reader.Object("_meta") is { } inner ? ReadMeta(inner) : PluginMeta.None;
        PluginConfig? config = ReadConfig(plugin, reader, ofConsumer && plugin.IsAuthentication);
        return config is null || meta is null ? null : new PluginSetting(plugin, config, meta);
    }

    /// <summary>Plugins may be somebody else's code, whose mistake is nothing worse than a refusal.</summary>
    private static PluginConfig? ReadConfig(PluginDefinition plugin, ObjectReader reader, bool asCredential)
    {
        try
        {
            return asCredential ? plugin.ReadCredential(reader) : plugin.Read(reader);
        }
        catch (Exception mistake)
        {
            reader.Findings.Add(Phase.Check, reader.At, $"plugin {plugin.Name} failed to read its configuration, which is a mistake of the plugin's ({mistake.GetType().Name})");
            return null;
        }
    }

    private static PluginMeta ReadMeta(ObjectReader reader)
    {
        var meta = new PluginMeta
        {
            IsDisabled = reader.Flag("disable") ?? false,
            Priority = reader.Integer("priority"),
            Filter = reader.Vars("filter"),
        };
        if (reader.TryGet("error_response", out JsonElement response))
        {
            if (response.ValueKind is JsonValueKind.String or JsonValueKind.Object)
                meta = meta with { ErrorResponse = response.ToString(), IsErrorJson = response.ValueKind == JsonValueKind.Object };
            else
                JsonValues.WrongType("string or object", response, reader.At.Property("error_response"), reader.Findings);
        }

        LuaRefusal.Check(reader, "pre_function");
        reader.ForbidOthers();
        return meta;
    }

    private static void ReportUnknown(Findings findings, Location at, string name, string lead)
    {
        if (findings.AcceptUnknownPlugins)
            findings.Warn(at, $"unknown plugin [{LuaText.Clip(name)}]: requests are answered 503, because a plugin is never skipped");
        else
            findings.Add(Phase.Check, at, $"{lead}unknown plugin [{LuaText.Clip(name)}]");
    }
}
