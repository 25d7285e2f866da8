using Headgate.Core.Config;
using Headgate.Store;
using Headgate.Store.LastGood;
using Headgate.Store.Standalone;
using Microsoft.Extensions.Hosting;

namespace Headgate.Hosting;

/// <summary>The configuration as the sides of a gateway need it: what traffic follows, and what the Admin API and its neighbours read and write.</summary>
/// <param name="source">What traffic follows, secrets in clear.</param>
/// <param name="of">The store of a gateway group, by the prefix of its keys: secrets in clear, its objects below the default prefix. One that refuses every write where there is nothing to write.</param>
/// <param name="owned">Disposed of in this order in the end.</param>
internal sealed class OpenConfiguration(IConfigSource source, Func<string, IConfigStore> of, params IReadOnlyList<IAsyncDisposable> owned) : IAsyncDisposable
{
    /// <summary>What traffic follows, secrets in clear.</summary>
    public IConfigSource Source => source;

    /// <summary>The default gateway group's store.</summary>
    public IConfigStore Store { get; } = of(ResourceKinds.DefaultPrefix);

    /// <summary>What takes a whole configuration at once; null = the Admin API writes objects.</summary>
    public StandaloneStore? Standalone { get; init; }

    /// <summary>The last good configuration, which stands in for the source; null = the source needs nobody to.</summary>
    public LastGoodSource? LastGood { get; init; }

    /// <summary>Since when, and why, changes in the store are not seen, where that is not told by reading it.</summary>
    public Func<(DateTimeOffset Since, string Why)?>? Outage { get; init; }

    /// <summary>Since when, and why, something else stands in for the store: the last good configuration, or what was read last; null = nothing does. Any thread.</summary>
    public (DateTimeOffset Since, string Why)? StandIn() =>
        LastGood?.Served is { } kept ? (kept.Written, $"the last good configuration, of revision {kept.Revision}, is served: the store has not answered since the start") : Outage?.Invoke();

    /// <summary>Drops old history once it is started; null = there is none, or others do.</summary>
    public IHostedService? Retention { get; init; }

    /// <summary>The store of a gateway group, by the prefix of its keys.</summary>
    public IConfigStore Of(string prefix) => prefix == ResourceKinds.DefaultPrefix ? Store : of(prefix);

    /// <summary>Whether nothing is configured yet.</summary>
    /// <exception cref="StoreUnavailableException">There is no configuration to be had, neither of the source nor a last good one.</exception>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        (await Source.GetAsync(ResourceKinds.DefaultPrefix + "/", cancellationToken)).Entries.Count == 0;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable each in owned)
            await each.DisposeAsync();
    }
}
