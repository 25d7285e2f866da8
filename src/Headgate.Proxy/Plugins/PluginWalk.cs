using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Plugins;

/// <summary>
/// Goes through the plugins of one phase in running order: those of one chain, or a route's and its consumer's together, where the consumer's take the place of the route's of the same
/// name. So no merged chain has to be made and kept for each pair of a route and a consumer. Source: APISIX, <c>apisix/plugin.lua</c> merge_consumer_route.
/// </summary>
internal struct PluginWalk
{
    private readonly RunningPlugin[] _route;
    private readonly RunningPlugin[] _consumers;
    private readonly ConsumerSnapshot? _consumer;
    private int _nextOfRoute;
    private int _nextOfConsumer;

    /// <summary>Through a chain alone.</summary>
    public PluginWalk(CompiledChain chain, PluginPhases phase) => (_route, _consumers) = (chain.In(phase), []);

    /// <summary>Through a route's chain and its consumer's; null = there is none.</summary>
    public PluginWalk(CompiledChain route, ConsumerSnapshot? consumer, PluginPhases phase)
    {
        _route = route.In(phase);
        _consumer = consumer is { Replacing.Count: > 0 } ? consumer : null;
        _consumers = consumer?.Chain is CompiledChain chain ? chain.In(phase) : [];
    }

    /// <summary>The next one; null when there is none left.</summary>
    public RunningPlugin? Next()
    {
        while (_nextOfRoute < _route.Length)
        {
            RunningPlugin running = _route[_nextOfRoute];
            if (_consumer?.Replaces(running.Setting.Plugin) == true)
            {
                _nextOfRoute++;
                continue;
            }

            if (_nextOfConsumer < _consumers.Length && RunsBefore(_consumers[_nextOfConsumer], running))
                return _consumers[_nextOfConsumer++];
            _nextOfRoute++;
            return running;
        }

        return _nextOfConsumer < _consumers.Length ? _consumers[_nextOfConsumer++] : null;
    }

    private static bool RunsBefore(RunningPlugin one, RunningPlugin other)
    {
        int left = one.Setting.Priority, right = other.Setting.Priority;
        return left > right || (left == right && string.CompareOrdinal(one.Setting.Plugin.Name, other.Setting.Plugin.Name) < 0);
    }
}
