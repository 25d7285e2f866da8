using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Lists;

namespace Headgate.Proxy.Registries.FileRegistry;

/// <summary>Follows a file of services: looks at it twice a second, reads it when it is another one (README.md in this folder).</summary>
internal sealed class FileRegistryClient : IRegistryClient
{
    /// <summary>Two looks; a change is seen within a second, with the time that reading takes.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    private readonly FileRegistryConfig _config;
    private readonly WatchedServices _file;
    private readonly TimeProvider _time;
    private readonly RegistryFeed _feed;
    private volatile ServiceMap _services = ServiceMap.Empty;

    public FileRegistryClient(FileRegistryConfig config, TimeProvider time)
    {
        (_config, _time, _file) = (config, time, new WatchedServices(config.Path));
        _feed = new RegistryFeed(ReadAsync);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, CancellationToken cancellationToken) =>
        _feed.FollowAsync(service.Name, () => _services.Answer(service), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken) => [.. (await ReadOnceAsync(cancellationToken)).Names.Take(max)];

    /// <inheritdoc/>
    public Task TestAsync(CancellationToken cancellationToken) => ReadOnceAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private async Task ReadAsync(RegistryReading reading, CancellationToken cancellationToken)
    {
        byte[] before = [];
        FileStamp? seen = null;
        while (true)
        {
            (FileStamp stamp, byte[]? read) = await _file.ReadAsync(seen, cancellationToken);
            if (read is not null && (seen is null || !read.AsSpan().SequenceEqual(before)))
            {
                _services = ServiceMap.Parse(read, _config.Path, _config.DefaultWeight);
                before = read;
                reading.AnnounceAll();
            }

            // The time of a file counts in steps of milliseconds: one that was written just now may be written again within the same step.
            seen = stamp with { IsSettled = _time.GetUtcNow().UtcDateTime - stamp.WrittenAt > TimeSpan.FromSeconds(1) };
            await Task.Delay(LookPeriod, _time, cancellationToken);
        }
    }

    private async Task<ServiceMap> ReadOnceAsync(CancellationToken cancellationToken)
    {
        (_, byte[]? read) = await _file.ReadAsync(null, cancellationToken);
        return ServiceMap.Parse(read, _config.Path, _config.DefaultWeight);
    }
}
