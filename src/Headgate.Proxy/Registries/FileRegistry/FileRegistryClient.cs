using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Files;
using Headgate.Proxy.Registries.Lists;

namespace Headgate.Proxy.Registries.FileRegistry;

/// <summary>Follows a file of services: looks at it twice a second, reads it when it is another one (README.md in this folder).</summary>
internal sealed class FileRegistryClient : IRegistryClient
{
    /// <summary>Two looks; a change is seen within a second, with the time that reading takes.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    private const int BytesMax = 64 * 1024 * 1024;

    private readonly FileRegistryConfig _config;
    private readonly TimeProvider _time;
    private readonly RegistryFeed _feed;
    private volatile ServiceMap _services = ServiceMap.Empty;

    public FileRegistryClient(FileRegistryConfig config, TimeProvider time)
    {
        (_config, _time) = (config, time);
        _feed = new RegistryFeed(ReadAsync);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, CancellationToken cancellationToken) =>
        _feed.FollowAsync(service.Name, () => _services.Answer(service), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken) => [.. (await ReadOnceAsync()).Names.Take(max)];

    /// <inheritdoc/>
    public Task TestAsync(CancellationToken cancellationToken) => ReadOnceAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private async Task ReadAsync(RegistryReading reading, CancellationToken cancellationToken)
    {
        var file = new ChangedFile(_config.Path, BytesMax, _time);
        byte[]? before = null;
        while (true)
        {
            if (await ReadAsync(file) is { } read && (before is null || !read.AsSpan().SequenceEqual(before)))
            {
                _services = ServiceMap.Parse(read, _config.Path, _config.DefaultWeight);
                before = read;
                reading.AnnounceAll();
            }

            await Task.Delay(LookPeriod, _time, cancellationToken);
        }
    }

    private async Task<ServiceMap> ReadOnceAsync() =>
        ServiceMap.Parse(await ReadAsync(new ChangedFile(_config.Path, BytesMax, _time)), _config.Path, _config.DefaultWeight);

    private async Task<byte[]?> ReadAsync(ChangedFile file)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // it may block
        try
        {
            return file.ReadIfChanged();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RegistryException($"{_config.Path} cannot be read: {e.Message}", e);
        }
    }
}
