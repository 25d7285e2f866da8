using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>plugins</c>: names to configurations.</summary>
internal static class PluginsReader
{
    /// <summary>The names in the order written.</summary>
    public static EquatableArray<string> ReadNames(ObjectReader owner)
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
                owner.Findings.Add(Phase.Check, place, $"invalid plugin conf {LuaText.Clip(plugin.Value.GetRawText())} for plugin [{LuaText.Clip(plugin.Name)}]");
            else if (!PluginNames.Known.Contains(plugin.Name))
                ReportUnknown(owner.Findings, place, plugin.Name);

            names.Add(plugin.Name);
        }

        return new EquatableArray<string>([.. names]);
    }

    private static void ReportUnknown(Findings findings, Location at, string name)
    {
        if (findings.AcceptUnknownPlugins)
            findings.Warn(at, $"unknown plugin [{LuaText.Clip(name)}]: requests are answered 503, because a plugin is never skipped");
        else
            findings.Add(Phase.Check, at, $"unknown plugin [{LuaText.Clip(name)}]");
    }
}
