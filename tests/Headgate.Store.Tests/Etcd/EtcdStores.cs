using System.Globalization;
using System.Text;
using Headgate.Store.Etcd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Etcd;

/// <summary>What several tests do with stores on etcd.</summary>
internal static class EtcdStores
{
    public static readonly Origin Me = new("tester", "local", "test");

    /// <summary>Opens a store that gives members up quickly.</summary>
    public static Task<EtcdStore> OpenAsync(IReadOnlyList<Uri> endpoints, Func<EtcdOptions, EtcdOptions>? change = null)
    {
        var options = new EtcdOptions
        {
            Endpoints = endpoints,
            Timeout = TimeSpan.FromSeconds(20),
            AttemptTimeout = TimeSpan.FromSeconds(1),
            WatchSilence = TimeSpan.FromMilliseconds(500),
            StartupRetries = 0,
        };
        return EtcdStore.OpenAsync(change?.Invoke(options) ?? options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
    }

    public static async Task<CommitResult> CommitAsync(this IConfigStore store, Compare[] compares, params Operation[] operations) =>
        await store.CommitAsync(new Commit { Compares = compares, Operations = operations, Origin = Me }, CancellationToken.None);

    public static Operation Put(string key, string value, TimeSpan? ttl = null) => new Operation.Put(key, Encoding.UTF8.GetBytes(value), ttl);

    public static async Task<string> ReadAsync(this IConfigStore store, string key) =>
        await store.FindAsync(key, CancellationToken.None) is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : "";

    /// <summary>Counts one key up by compare and commit, until told to stop; how many of its commits were answered as applied.</summary>
    public static async Task<int> CountUpAsync(this IConfigStore store, string key, Func<bool> goesOn)
    {
        int answered = 0;
        while (goesOn())
        {
            StoreEntry? entry = await store.FindAsync(key, CancellationToken.None);
            int next = 1 + (entry is null ? 0 : int.Parse(Encoding.UTF8.GetString(entry.Value.Span), CultureInfo.InvariantCulture));
            Compare compare = entry is null ? new Compare.Missing(key) : new Compare.UnchangedSince(key, entry.ModRevision);
            if ((await store.CommitAsync([compare], Put(key, next.ToString(CultureInfo.InvariantCulture)))).Applied)
                answered++;
        }

        return answered;
    }
}
