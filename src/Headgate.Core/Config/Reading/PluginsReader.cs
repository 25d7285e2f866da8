using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>plugins</c>: names to configurations.</summary>
internal static class PluginsReader
{
    /// <summary>The names in the order written. <paramref name="lead"/> stands before every text, as APISIX puts it at consumers.</summary>
    public static EquatableArray<string> ReadNames(ObjectReader owner, string lead = "")
    {
        if (!owner.TryGet("plugins", out JsonElement plugins))
            return [];

        Location at = owner.At.Property("plugins");
        if (ObjectReader.Open(plugins, at, owner.Findings) is null || plugins.ValueKind != JsonValueKind.Object)
            return [];

        var names = new List<string>();
        foreach (JsonProperty plugin in plugins.EnumerateObject())
        {
            Location place = at.Property(plugin.Name);
            if (plugin.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                owner.Findings.Add(Phase.Check, place, $"{lead}invalid plugin conf {LuaText.Clip(plugin.Value.GetRawText())} for plugin [{LuaText.Clip(plugin.Name)}]");
            else if (PluginRules.Find(plugin.Name) is null)
                ReportUnknown(owner.Findings, place, plugin.Name, lead);

            names.Add(plugin.Name);
        }

        return new EquatableArray<string>([.. names]);
    }

    private static void ReportUnknown(Findings findings, Location at, string name, string lead)
    {
        if (findings.AcceptUnknownPlugins)
            findings.Warn(at, $"unknown plugin [{LuaText.Clip(name)}]: requests are answered 503, because a plugin is never skipped");
        else
            findings.Add(Phase.Check, at, $"{lead}unknown plugin [{LuaText.Clip(name)}]");
    }
}
