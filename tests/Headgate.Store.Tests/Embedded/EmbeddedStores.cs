using System.Text;
using Headgate.Store.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Embedded;

/// <summary>What several tests do with stores.</summary>
internal static class EmbeddedStores
{
    public static Task<EmbeddedStore> OpenAsync(string folder) =>
        EmbeddedStore.OpenAsync(folder, TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    public static async Task<CommitResult> PutAsync(this IConfigStore store, params (string Key, string Value)[] entries) =>
        await store.CommitAsync(
            new Commit
            {
                Operations = [.. entries.Select(entry => new Operation.Put(entry.Key, Encoding.UTF8.GetBytes(entry.Value)))],
                Origin = new Origin("tester", "local", "test"),
            },
            CancellationToken.None);

    public static async Task<Dictionary<string, string>> ReadAllAsync(this IConfigStore store) =>
        (await store.GetAsync("", CancellationToken.None)).Entries.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value.Span));
}
