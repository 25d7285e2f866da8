using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>Asks one Redis server, over a few connections that many calls share. Thread-safe; never blocks, never throws.</summary>
internal sealed class RedisClient
{
    // One connection carries more than a server answers; a second spreads its reading over two cores.
    private const int LanesMax = 2;

    private readonly RedisLane[] _lanes;
    private uint _turn;

    public RedisClient(RedisServer server, TimeProvider time, ILogger logger, int seed) =>
        _lanes = [.. Enumerable.Range(seed, Math.Min(LanesMax, server.ConnectionsMax)).Select(laneSeed => new RedisLane(server, time, logger, new Random(laneSeed)))];

    /// <summary>Runs a script there. What is given is read before this returns.</summary>
    public ValueTask<RedisAnswer> RunAsync(RedisScript script, ReadOnlySpan<byte> key, long first, long second) =>
        _lanes[(int)(Interlocked.Increment(ref _turn) % (uint)_lanes.Length)].RunAsync(script, key, first, second);
}
