using System.Text;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Routing;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins;

/// <summary>A plugin in a chain, and what its setting says besides its configuration. Immutable.</summary>
internal sealed class RunningPlugin
{
    private static readonly byte[] Text = "text/plain; charset=utf-8"u8.ToArray();
    private static readonly byte[] Json = "application/json"u8.ToArray();

    private readonly RequestCondition? _filter;

    private readonly ILogger _logger;

    public RunningPlugin(PluginSetting setting, Plugin plugin, int[] upstreamSlots, ILogger logger)
    {
        (Setting, Plugin, UpstreamSlots, _logger) = (setting, plugin, upstreamSlots, logger);
        _filter = setting.Meta.Filter is { } filter ? RequestCondition.Compile(filter) : null;
        ErrorBody = setting.Meta.ErrorResponse is { } error ? Encoding.UTF8.GetBytes(error) : null;
        ErrorContentType = setting.Meta.IsErrorJson ? Json : Text;
    }

    /// <summary>What it was made of.</summary>
    public PluginSetting Setting { get; }

    /// <summary>What runs.</summary>
    public Plugin Plugin { get; }

    /// <summary>Where the upstreams of its configuration are, in the snapshot that the chain belongs to, in their order there; −1 = it does not exist.</summary>
    public int[] UpstreamSlots { get; }

    /// <summary>Body of its refusals in place of its own; null = its own.</summary>
    public byte[]? ErrorBody { get; }

    /// <summary>Content-Type of <see cref="ErrorBody"/>.</summary>
    public byte[] ErrorContentType { get; }

    /// <summary>It has thrown, which is a mistake of the plugin's.</summary>
    public void LogFailure(PluginContext context, Exception bug) => PluginLog.Failed(_logger, Setting.Plugin.Name, context.Route?.Config.Id ?? "none", bug);

    /// <summary>It, or another plugin of the request, has asked for something that could not be done with a body.</summary>
    public void LogBodyFailure(PluginContext context, Exception failure) => PluginLog.BodyFailed(_logger, context.Route?.Config.Id ?? "none", failure);

    /// <summary>Whether it runs for the request.</summary>
    public bool Takes(PluginContext context) => _filter is null || _filter.Holds(context.Request);
}
