using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Headgate.Proxy.Plugins.Limits;
using Headgate.Proxy.Plugins.Redis;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>
/// Counts at a Redis server that gateway instances share: those that have the same object, or a group of the same name, with the same limit count together. One script for each
/// request, which Redis runs without another between its steps, and by its own clock.
/// </summary>
internal sealed class RedisCounts : CountStore
{
    private const int PrefixBytesMax = 512;

    /// <summary>As <see cref="FixedWindow"/>: the key's time to live is the window.</summary>
    private static readonly RedisScript Fixed = new("""
        local used = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
          left = tonumber(ARGV[2])
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
        end
        return {used, left}
        """);

    /// <summary>As <see cref="SlidingWindow"/>: a hash of slices and how many came in each.</summary>
    private static readonly RedisScript Sliding = new("""
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local count, window = tonumber(ARGV[1]), tonumber(ARGV[2])
        local slice = math.floor(now * 32 / window)
        local used, oldest = 0, slice
        local slices = redis.call('HGETALL', KEYS[1])
        for i = 1, #slices, 2 do
          local at = tonumber(slices[i])
          if at < slice - 32 then
            redis.call('HDEL', KEYS[1], slices[i])
          else
            used = used + tonumber(slices[i + 1])
            oldest = math.min(oldest, at)
          end
        end
        local reset = math.ceil((oldest + 33) * window / 32) - now
        if used >= count then
          return {count + 1, reset}
        end
        redis.call('HINCRBY', KEYS[1], string.format('%.0f', slice), 1)
        redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(window * 33 / 32)))
        return {used + 1, reset}
        """);

    private readonly RedisClient _client;
    private readonly RedisScript _script;
    private readonly byte[] _prefix;
    private readonly int _count;
    private readonly long _windowMs;

    public RedisCounts(LimitCountConfig config, RedisClient client)
    {
        (_client, _script) = (client, config.IsSliding ? Sliding : Fixed);
        (_count, _windowMs) = (config.Count, config.WindowSeconds * 1000L);

        // A changed limit begins anew; what the refused are told, and how the server is reached, does not change what was counted.
        string limit = string.Create(CultureInfo.InvariantCulture, $"{config.Count} {config.WindowSeconds} {config.IsSliding} {config.Terms.KeyType} {config.Terms.Key}");
        string owner = config.Group is null ? config.OwnerKey : "group:" + config.Group;
        _prefix = Encoding.UTF8.GetBytes($"headgate:limit-count:{owner}:{Digest(limit)}:");
        if (_prefix.Length > PrefixBytesMax)
            _prefix = Encoding.UTF8.GetBytes($"headgate:limit-count:{Digest(owner)}:{Digest(limit)}:");
    }

    /// <inheritdoc/>
    public override ValueTask<CountResult> EnterAsync(ReadOnlySpan<byte> key)
    {
        Span<byte> whole = stackalloc byte[PrefixBytesMax + LimitKey.BytesMax];
        _prefix.CopyTo(whole);
        key.CopyTo(whole[_prefix.Length..]);
        ValueTask<RedisAnswer> asked = _client.RunAsync(_script, whole[..(_prefix.Length + key.Length)], _count, _windowMs);
        return asked.IsCompletedSuccessfully ? new(Read(asked.Result)) : ReadAsync(asked);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<CountResult> ReadAsync(ValueTask<RedisAnswer> asked) => Read(await asked);

    private CountResult Read(RedisAnswer answer)
    {
        if (answer.IsError)
            return CountResult.Failed;
        return answer.First > _count
            ? new CountResult(CountOutcome.Refused, 0, answer.Second)
            : new CountResult(CountOutcome.Admitted, _count - answer.First, answer.Second);
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
