using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Control.AdminApi;
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

    /// <summary>What of the settings is about etcd, for a process that writes its history.</summary>
    internal static EtcdOptions OptionsOf(EtcdSettings settings)
    {
        Uri[] members = [.. settings.Hosts.Items];
        RandomNumberGenerator.Shuffle<Uri>(members); // not every gateway at the same one
        return new EtcdOptions
        {
            Endpoints = members,
            User = settings.User,
            Password = settings.Password?.Value,
            Timeout = settings.Timeout,
            WatchRenewal = settings.WatchTimeout,
            DownFor = settings.HealthCheckTimeout,
            StartupRetries = settings.StartupRetry,
            RecordedPrefixes = [settings.Prefix + "/", "/gateway_groups/", "/headgate/"],
            UnrecordedPrefixes = [settings.Prefix + "/data_plane/"], // APISIX's instances say there that they live
            Tls = new EtcdTls { Authorities = ReadAuthorities(settings.TrustedFile), Certificate = ReadCertificate(settings), Verifies = settings.Verify, ServerName = settings.Sni },
        };
    }

    /// <summary>What of the settings another gateway has to be told that is to read the same etcd.</summary>
    internal static SharedEtcd Shared(EtcdSettings settings) => new([.. settings.Hosts.Items], settings.Prefix)
    {
        HasUser = settings.User is not null,
        HasCertificate = settings.CertFile is not null,
        HasAuthority = settings.TrustedFile is not null,
        Keys = settings.Keyring.Count,
    };

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
            KeyRing ring = KeyRingFile.ReadOrCreate(settings.Data, out bool created);
            if (created)
                ProtectionLog.KeyRingCreated(logging.CreateLogger<ProtectedStore>(), Path.Combine(Path.GetFullPath(settings.Data), KeyRingFile.FileName));
            var retention = new HistoryRetention(store, TimeSpan.FromDays(settings.HistoryDays), TimeProvider.System, logging.CreateLogger<HistoryRetention>());
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
            // Who writes nothing need not note what others write.
            EtcdOptions options = settings.ServesAdmin ? OptionsOf(etcd) : OptionsOf(etcd) with { RecordedPrefixes = [], UnrecordedPrefixes = [] };
            EtcdStore store = mayBeAway()
                ? EtcdStore.Start(options, TimeProvider.System, logging.CreateLogger<EtcdStore>())
                : await EtcdStore.OpenAsync(options, TimeProvider.System, logging.CreateLogger<EtcdStore>(), cancellationToken);
            var retention = new EtcdHistoryRetention(store, TimeSpan.FromDays(settings.HistoryDays), TimeProvider.System, logging.CreateLogger<EtcdHistoryRetention>());
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

    private static X509Certificate2Collection? ReadAuthorities(string? file)
    {
        if (file is null)
            return null;
        var authorities = new X509Certificate2Collection();
        Read(file, () => authorities.ImportFromPemFile(file));
        return authorities;
    }

    private static X509Certificate2? ReadCertificate(EtcdSettings settings)
    {
        if (settings is not { CertFile: { } certificate, KeyFile: { } key })
            return null;
        X509Certificate2? read = null;
        Read(certificate, () => read = X509Certificate2.CreateFromPemFile(certificate, key));
        return read;
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot use {file} for etcd: {e.Message}", e);
        }
    }
}
