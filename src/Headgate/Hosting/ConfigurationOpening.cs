using System.Security.Cryptography;
using Headgate.Core.Config;
using Headgate.Settings;
using Headgate.Store;
using Headgate.Store.Embedded;
using Headgate.Store.LastGood;
using Headgate.Store.Protection;
using Headgate.Store.Standalone;
using Headgate.Store.Yaml;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>Opens the configuration that the settings name, as the role needs it. All of them hold the data folder: two processes on one would write each other's files.</summary>
internal sealed class ConfigurationOpening(GatewaySettings settings, ILoggerFactory logging)
{
    private const string FileReason = "the configuration of this gateway is read from a file; change the file";
    private const string DataPlaneReason = "this process is a data plane, which writes no configuration; ask a control plane";

    /// <summary>Opens it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened.</exception>
    /// <exception cref="StartException">A file that the settings name cannot be read.</exception>
    public Task<OpenConfiguration> OpenAsync(CancellationToken cancellationToken) => settings.ConfigProvider switch
    {
        ConfigProvider.Embedded => StoreAsync(cancellationToken),
        ConfigProvider.Etcd => settings.ServesTraffic ? FollowedAsync(cancellationToken) : StoreAsync(cancellationToken),
        _ => Task.FromResult(settings.IsApiDriven ? Standalone() : File()),
    };

    /// <summary>A store that traffic follows, and that may be away when the gateway starts.</summary>
    /// <param name="stored">The store as it is: values as they lie there.</param>
    /// <param name="protector">Decrypts what is secret in them.</param>
    /// <param name="name">Which one it is, in words that stay the same over restarts.</param>
    /// <param name="of">The store of a gateway group, by its prefix, secrets in clear.</param>
    /// <param name="owned">Disposed of with what is returned.</param>
    /// <param name="retention">Drops old history; null = others do.</param>
    /// <param name="outage">Since when, and why, changes in it are not seen; null = it says so itself when it is read.</param>
    public OpenConfiguration Followed(
        IConfigStore stored, IFieldProtector protector, string name, Func<string, IConfigStore> of, IAsyncDisposable owned, IHostedService? retention = null,
        Func<(DateTimeOffset Since, string Why)?>? outage = null)
    {
        LastGoodSource kept = LastGood(stored, name, new LastGoodFile(settings.Data, DataKeyRing.Open(settings, logging)));
        var source = new ProtectedSource(kept, protector, logging.CreateLogger<ProtectedSource>());
        return new OpenConfiguration(source, settings.ServesAdmin ? of : _ => new ReadOnlyStore(source, DataPlaneReason), kept, owned) { LastGood = kept, Retention = retention, Outage = outage };
    }

    private async Task<OpenConfiguration> StoreAsync(CancellationToken cancellationToken)
    {
        ConfigurationStores stores = await ConfigurationStores.OpenAsync(settings, logging, static () => false, cancellationToken);
        return new OpenConfiguration(stores.Default, stores.Of, stores) { Retention = stores.Retention };
    }

    private async Task<OpenConfiguration> FollowedAsync(CancellationToken cancellationToken)
    {
        string name = "etcd " + settings.Etcd.Prefix;
        ConfigurationStores stores = await ConfigurationStores.OpenAsync(
            settings, logging, () => LastGoodSource.Read(new LastGoodFile(settings.Data, DataKeyRing.Open(settings, logging)), name, logging.CreateLogger<LastGoodSource>()) is not null, cancellationToken);
        return Followed(stores.Stored, stores.Protector, name, stores.Of, stores, settings.ServesAdmin ? stores.Retention : null, () => stores.Outage);
    }

    private OpenConfiguration Standalone()
    {
        var held = new Held(DataFolder.Open(settings.Data));
        var store = new StandaloneStore(settings.Data, DataKeyRing.Open(settings, logging), logging.CreateLogger<StandaloneStore>());
        return new OpenConfiguration(store, _ => new ReadOnlyStore(store, StandaloneStore.WritesRefused), store, held) { Standalone = store };
    }

    private OpenConfiguration File()
    {
        var held = new Held(DataFolder.Open(settings.Data));
        string name = "file " + settings.StandalonePath;
        var file = new LastGoodFile(settings.Data, DataKeyRing.Open(settings, logging));
        long before = LastGoodSource.Read(file, name, logging.CreateLogger<LastGoodSource>())?.Revision ?? 0;
        var options = new YamlSourceOptions
        {
            Path = settings.StandalonePath,
            IsJson = settings.ConfigProvider == ConfigProvider.Json,
            Environment = Environment.GetEnvironmentVariable,
            RevisionBefore = before,
        };
        var source = new YamlSource(options, TimeProvider.System, logging.CreateLogger<YamlSource>());
        LastGoodSource kept = LastGood(source, name, file);
        return new OpenConfiguration(kept, _ => new ReadOnlyStore(kept, FileReason), kept, source, held) { LastGood = kept };
    }

    private LastGoodSource LastGood(IConfigSource source, string name, LastGoodFile file) =>
        new(source, file, name, ResourceKinds.DefaultPrefix + "/", TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), logging.CreateLogger<LastGoodSource>());

    /// <summary>The data folder, given back in the end.</summary>
    private sealed class Held(DataFolder folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
