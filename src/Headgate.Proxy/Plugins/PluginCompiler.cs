using System.Runtime.CompilerServices;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins;

/// <summary>Makes chains of running plugins. For the thread that compiles snapshots.</summary>
public sealed class PluginCompiler(PluginServices services) : IPluginCompiler
{
    private readonly ILogger _logger = services.Loggers.CreateLogger<PluginCompiler>();

    // A service's setting is one object for all its routes, and so is what counts for them.
    private readonly ConditionalWeakTable<PluginSetting, Plugin> _running = [];

    /// <inheritdoc/>
    public PluginChain Compile(IReadOnlyList<PluginSetting> settings, PluginChain? before, IReadOnlyList<int>? upstreamSlots = null)
    {
        RunningPlugin[] earlier = (before as CompiledChain)?.Plugins ?? [];
        var chain = new RunningPlugin[settings.Count];
        int next = 0;
        for (int i = 0; i < chain.Length; i++)
        {
            PluginSetting setting = settings[i];
            int[] slots = upstreamSlots is null ? [] : [.. upstreamSlots.Skip(next).Take(setting.Config.Upstreams.Count)];
            next += slots.Length;
            Plugin plugin = PluginOf(setting, earlier);
            chain[i] = Array.Find(earlier, running => running.Setting == setting && running.Plugin == plugin && running.UpstreamSlots.AsSpan().SequenceEqual(slots))
                ?? new RunningPlugin(setting, plugin, slots, _logger);
        }

        return new CompiledChain(chain);
    }

    /// <summary>Only the configuration decides whether a plugin goes on with what it has learnt: when it runs, and where its upstreams are, is another matter.</summary>
    private Plugin PluginOf(PluginSetting setting, RunningPlugin[] earlier)
    {
        if (_running.TryGetValue(setting, out Plugin? plugin))
            return plugin;

        RunningPlugin? before = Array.Find(earlier, running => running.Setting.Plugin == setting.Plugin);
        if (before is not null && before.Setting.Config == setting.Config)
        {
            plugin = before.Plugin;
        }
        else
        {
            plugin = Make(setting, before?.Plugin);
        }

        _running.Add(setting, plugin);
        return plugin;
    }

    /// <summary>A mistake of one plugin's keeps no other object from being served.</summary>
    private Plugin Make(PluginSetting setting, Plugin? before)
    {
        try
        {
            Plugin plugin = ((PluginKind)setting.Plugin).Make(setting.Config, services);
            if (before is not null && before.GetType() == plugin.GetType())
                plugin.ContinueFrom(before);
            return plugin;
        }
        catch (Exception bug)
        {
            PluginLog.Unmade(_logger, setting.Plugin.Name, bug);
            return new UnmadePlugin();
        }
    }
}
