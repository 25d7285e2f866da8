using System.Numerics;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;

namespace Headgate.Proxy.Plugins;

/// <summary>The plugins of a route, a consumer or the global rules, in running order, and for each phase those that take part in it: a request walks arrays. Immutable.</summary>
internal sealed class CompiledChain : PluginChain
{
    private static readonly int PhaseCount = BitOperations.Log2((uint)Enum.GetValues<PluginPhases>().Max()) + 1;

    private readonly RunningPlugin[][] _byPhase;

    public CompiledChain(RunningPlugin[] plugins)
    {
        Plugins = plugins;
        Traces = Array.Exists(plugins, static running => running.Plugin.Traces);
        _byPhase = new RunningPlugin[PhaseCount][];
        for (int phase = 0; phase < PhaseCount; phase++)
            _byPhase[phase] = Array.FindAll(plugins, running => running.Plugin.Phases.HasFlag((PluginPhases)(1 << phase)));
    }

    /// <summary>No plugin.</summary>
    public static CompiledChain Empty { get; } = new([]);

    /// <summary>Whether one of them looks at what became of the request and its tries.</summary>
    public bool Traces { get; }

    /// <summary>All of them, in running order.</summary>
    public RunningPlugin[] Plugins { get; }

    /// <summary>Those that take part in one phase, in running order.</summary>
    public RunningPlugin[] In(PluginPhases phase) => _byPhase[BitOperations.Log2((uint)phase)];

    /// <summary>Whether the plugin is among them.</summary>
    public bool Has(PluginDefinition plugin)
    {
        foreach (RunningPlugin running in Plugins)
        {
            if (ReferenceEquals(running.Setting.Plugin, plugin))
                return true;
        }

        return false;
    }
}
