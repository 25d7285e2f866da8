using System.Collections.Frozen;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;

namespace Headgate.Proxy.Registries.ConsulKv;

/// <summary>All instances below the prefix at one server, in one data centre: one question that the server waits with, however many services are followed. Thread-safe.</summary>
internal sealed class ConsulKvTable : IAsyncDisposable
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(250);

    private readonly ConsulServer _server;
    private readonly ConsulKvConfig _config;
    private readonly ConsulPace _pace;
    private readonly ConsulQuestion _question;
    private readonly RegistryFeed _feed;

    // Written by the one reading that runs, read by followers after it has told them.
    private volatile FrozenDictionary<string, ConsulKvFolder> _folders = FrozenDictionary<string, ConsulKvFolder>.Empty;

    /// <summary>Makes it; it asks while somebody follows.</summary>
    public ConsulKvTable(ConsulServer server, string? datacenter, ConsulKvConfig config, ConsulPace pace)
    {
        (_server, _config, _pace) = (server, config, pace);
        _question = QuestionOf(config, datacenter);
        _feed = new RegistryFeed(ReadAsync);
    }

    /// <summary>What a server is asked: all keys below the prefix.</summary>
    public static ConsulQuestion QuestionOf(ConsulKvConfig config, string? datacenter)
    {
        string prefix = string.Join('/', config.Prefix.Split('/').Select(Uri.EscapeDataString));
        return new ConsulQuestion($"v1/kv/{prefix}/", ["recurse=1", .. ConsulQuestion.Datacenter(datacenter)]) { AllowsNone = true };
    }

    /// <summary>The instances in a folder, again whenever they may have changed.</summary>
    /// <exception cref="RegistryException">The server gives no answer; or there is nothing of use in this folder.</exception>
    public IAsyncEnumerable<ServiceAnswer> FollowAsync(string folder, CancellationToken cancellationToken) => _feed.FollowAsync(folder, () => AnswerOf(folder), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private ServiceAnswer AnswerOf(string folder)
    {
        if (!_folders.TryGetValue(folder, out ConsulKvFolder? found))
            return new ServiceAnswerBuilder().Build();
        return found.IsGarbage
            ? throw new RegistryException($"{_server.Name} has nothing of use in {_config.Prefix}/{folder}: {found.Answer.Problems[0]}") { IsOfServiceOnly = true }
            : found.Answer;
    }

    private async Task ReadAsync(RegistryReading reading, CancellationToken cancellationToken)
    {
        var query = new BlockingQuery(_server, _question, _config.Access, _pace, Gap);
        _folders = ConsulKvEntries.Read(await query.NextAsync(cancellationToken), _config);
        reading.AnnounceAll();
        while (true)
        {
            FrozenDictionary<string, ConsulKvFolder> before = _folders;
            FrozenDictionary<string, ConsulKvFolder> now = ConsulKvEntries.Read(await query.NextAsync(cancellationToken), _config);
            _folders = now;
            foreach (string folder in now.Keys.Union(before.Keys).Where(folder => now.GetValueOrDefault(folder) != before.GetValueOrDefault(folder)))
                reading.Announce(folder);
        }
    }
}
