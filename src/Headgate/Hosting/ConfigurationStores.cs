using Headgate.Core.Config;
using Headgate.Settings;
using Headgate.Store;
using Headgate.Store.Embedded;
using Headgate.Store.Etcd;
using Headgate.Store.Prefixes;
using Headgate.Store.Protection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>The store that the settings name, as the parts of a gateway see it: secrets in clear, and the objects of a gateway group where those of the default group are. Holds the data folder.</summary>
internal sealed class ConfigurationStores : IAsyncDisposable
{
    private readonly IConfigStore _store;
    private readonly string _prefix;
    private readonly IFieldProtector _protector;
    private readonly ILogger _logger;
    private readonly IDisposable? _folder;

    private ConfigurationStores(IConfigStore store, string prefix, IFieldProtector protector, IHostedService retention, ILoggerFactory logging, IDisposable? folder)
    {
        (_store, _prefix, _protector, _folder, Retention) = (store, prefix, protector, folder, retention);
        _logger = logging.CreateLogger<ProtectedStore>();
        Default = Of(ResourceKinds.DefaultPrefix);
    }

    /// <summary>The default gateway group's.</summary>
    public IConfigStore Default { get; }

    /// <summary>Drops old history once it is started.</summary>
    public IHostedService Retention { get; }

    /// <summary>Since when, and why, changes in the store are not seen; null = they are. Any thread.</summary>
    public (DateTimeOffset Since, string Why)? Outage => (_store as EtcdStore)?.Outage;

    /// <summary>The default gateway group's as it lies there: secrets encrypted, where they are.</summary>
    public IConfigStore Stored => StoredAt(ResourceKinds.DefaultPrefix);

    /// <summary>Decrypts the secrets in it, and encrypts them.</summary>
    public IFieldProtector Protector => _protector;

    /// <summary>Opens the store.</summary>
    /// <param name="settings">Which one.</param>
    /// <param name="logging">Where to log.</param>
    /// <param name="mayBeAway">Whether one that cannot be reached is no error: there is something to start from. Asked while the data folder is held.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">It cannot be opened.</exception>
    /// <exception cref="StartException">A file that the settings name cannot be read.</exception>
    public static Task<ConfigurationStores> OpenAsync(GatewaySettings settings, ILoggerFactory logging, Func<bool> mayBeAway, CancellationToken cancellationToken) =>
        settings.ConfigProvider == ConfigProvider.Etcd ? OpenEtcdAsync(settings, logging, mayBeAway, cancellationToken) : OpenEmbeddedAsync(settings, logging, cancellationToken);

    /// <summary>The store with the objects that lie below <paramref name="prefix"/> shown below the default one.</summary>
    public IConfigStore Of(string prefix) => new ProtectedStore(StoredAt(prefix), _protector, _logger);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Retention.StopAsync(CancellationToken.None);
        (Retention as IDisposable)?.Dispose();
        await _store.DisposeAsync();
        _folder?.Dispose();
    }

    private IConfigStore StoredAt(string prefix)
    {
        string where = prefix == ResourceKinds.DefaultPrefix ? _prefix : prefix;
        return where == ResourceKinds.DefaultPrefix ? _store : new PrefixedStore(_store, where);
    }

    private static async Task<ConfigurationStores> OpenEmbeddedAsync(GatewaySettings settings, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        EmbeddedStore store = await EmbeddedStore.OpenAsync(settings.Data, TimeProvider.System, logging.CreateLogger<EmbeddedStore>(), cancellationToken);
        try
        {
            KeyRing ring = DataKeyRing.Open(settings, logging);
            var retention = new HistoryRetention(store.DropHistoryAsync, TimeSpan.FromDays(settings.HistoryDays), TimeProvider.System, logging.CreateLogger<HistoryRetention>());
            return new ConfigurationStores(store, ResourceKinds.DefaultPrefix, ring, retention, logging, folder: null);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static async Task<ConfigurationStores> OpenEtcdAsync(GatewaySettings settings, ILoggerFactory logging, Func<bool> mayBeAway, CancellationToken cancellationToken)
    {
        EtcdSettings etcd = settings.Etcd;
        var folder = DataFolder.Open(settings.Data);
        try
        {
            EtcdOptions options = EtcdConnection.Options(settings);
            EtcdStore store = mayBeAway()
                ? EtcdStore.Start(options, TimeProvider.System, logging.CreateLogger<EtcdStore>())
                : await EtcdStore.OpenAsync(options, TimeProvider.System, logging.CreateLogger<EtcdStore>(), cancellationToken);
            var retention = new HistoryRetention(store.DropHistoryAsync, TimeSpan.FromDays(settings.HistoryDays), TimeProvider.System, logging.CreateLogger<HistoryRetention>());
            var keyring = new ApisixKeyring(etcd.Keyring.Items.Select(static key => key.Value), etcd.EncryptsFields);
            if (etcd.Keyring.Count == 0 || !etcd.EncryptsFields)
                ProtectionLog.SecretsInClear(logging.CreateLogger<ProtectedStore>());
            return new ConfigurationStores(store, etcd.Prefix, keyring, retention, logging, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
