using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins;

/// <summary>Makes chains of running plugins. For the thread that compiles snapshots.</summary>
public sealed class PluginCompiler(PluginServices services) : IPluginCompiler
{
    private readonly ILogger _logger = services.Loggers.CreateLogger<PluginCompiler>();

    /// <inheritdoc/>
    public PluginChain Compile(IReadOnlyList<PluginSetting> settings, PluginChain? before)
    {
        RunningPlugin[] earlier = (before as CompiledChain)?.Plugins ?? [];
        return new CompiledChain([.. settings.Select(setting => Array.Find(earlier, running => running.Setting == setting) ?? Make(setting, earlier))], _logger);
    }

    /// <summary>Only the configuration decides whether a plugin goes on with what it has learnt: when it runs is another matter.</summary>
    private RunningPlugin Make(PluginSetting setting, RunningPlugin[] earlier)
    {
        RunningPlugin? same = Array.Find(earlier, running => running.Setting.Plugin == setting.Plugin && running.Setting.Config == setting.Config);
        return new RunningPlugin(setting, same?.Plugin ?? ((PluginKind)setting.Plugin).Make(setting.Config, services));
    }
}
