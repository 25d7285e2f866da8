using System.Security.Cryptography;
using Headgate.Core.Config;
using Headgate.Settings;
using Headgate.Store;
using Headgate.Store.Embedded;
using Headgate.Store.LastGood;
using Headgate.Store.Protection;
using Headgate.Store.Standalone;
using Headgate.Store.Yaml;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>Opens the configuration that the settings name, as the role needs it. All of them hold the data folder: two processes on one would write each other's files.</summary>
internal sealed class ConfigurationOpening(GatewaySettings settings, ILoggerFactory logging)
{
    private const string FileReason = "the configuration of this gateway is read from a file; change the file";
    private const string DataPlaneReason = "this process is a data plane, which writes no configuration; ask a control plane";

    /// <summary>Opens it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened.</exception>
    public async Task<OpenConfiguration> OpenAsync(CancellationToken cancellationToken) => settings.ConfigProvider switch
    {
        ConfigProvider.Embedded => await EmbeddedAsync(cancellationToken),
        ConfigProvider.Etcd => throw new StartException("deployment.etcd: there is no etcd store in this build; use config_provider embedded, yaml or json"),
        _ => settings.IsApiDriven ? Standalone() : File(),
    };

    /// <summary>A store that other processes share. It is disposed of with what is returned.</summary>
    /// <param name="store">The store as it is: values as they lie there.</param>
    /// <param name="name">Which one it is, in words that stay the same over restarts.</param>
    /// <param name="protector">Decrypts and encrypts what is secret in it.</param>
    public OpenConfiguration Shared(IConfigStore store, string name, IFieldProtector protector)
    {
        var held = new Held(DataFolder.Open(settings.Data));
        var written = new ProtectedStore(store, protector, logging.CreateLogger<ProtectedStore>());
        if (!settings.ServesTraffic)
            return new OpenConfiguration(written, written, store, held);
        LastGoodSource kept = LastGood(store, name, new LastGoodFile(settings.Data, Ring()));
        var source = new ProtectedSource(kept, protector, logging.CreateLogger<ProtectedSource>());
        return new OpenConfiguration(source, settings.ServesAdmin ? written : new ReadOnlyStore(source, DataPlaneReason), kept, store, held) { LastGood = kept };
    }

    private async Task<OpenConfiguration> EmbeddedAsync(CancellationToken cancellationToken)
    {
        EmbeddedStore store = await EmbeddedStore.OpenAsync(settings.Data, TimeProvider.System, logging.CreateLogger<EmbeddedStore>(), cancellationToken);
        try
        {
            var written = new ProtectedStore(store, Ring(), logging.CreateLogger<ProtectedStore>());
            return new OpenConfiguration(written, written, store) { Embedded = store };
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private OpenConfiguration Standalone()
    {
        var held = new Held(DataFolder.Open(settings.Data));
        var store = new StandaloneStore(settings.Data, Ring(), logging.CreateLogger<StandaloneStore>());
        return new OpenConfiguration(store, new ReadOnlyStore(store, StandaloneStore.WritesRefused), store, held) { Standalone = store };
    }

    private OpenConfiguration File()
    {
        var held = new Held(DataFolder.Open(settings.Data));
        string name = "file " + settings.StandalonePath;
        var file = new LastGoodFile(settings.Data, Ring());
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
        return new OpenConfiguration(kept, new ReadOnlyStore(kept, FileReason), kept, source, held) { LastGood = kept };
    }

    private LastGoodSource LastGood(IConfigSource source, string name, LastGoodFile file) =>
        new(source, file, name, ResourceKinds.DefaultPrefix + "/", TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), logging.CreateLogger<LastGoodSource>());

    /// <summary>The key ring of the data folder, which this process holds.</summary>
    private KeyRing Ring()
    {
        KeyRing ring = KeyRingFile.ReadOrCreate(settings.Data, out bool created);
        if (created)
            ProtectionLog.KeyRingCreated(logging.CreateLogger<KeyRing>(), Path.Combine(Path.GetFullPath(settings.Data), KeyRingFile.FileName));
        return ring;
    }

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
