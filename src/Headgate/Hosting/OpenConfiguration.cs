using Headgate.Core.Config;
using Headgate.Store;
using Headgate.Store.Embedded;
using Headgate.Store.LastGood;
using Headgate.Store.Standalone;

namespace Headgate.Hosting;

/// <summary>The configuration as the sides of a gateway need it: what traffic follows, and what the Admin API and its neighbours read and write.</summary>
/// <param name="source">What traffic follows, secrets in clear.</param>
/// <param name="store">What is read and written, secrets in clear; one that refuses every write where there is nothing to write.</param>
/// <param name="owned">Disposed of in this order in the end.</param>
internal sealed class OpenConfiguration(IConfigSource source, IConfigStore store, params IReadOnlyList<IAsyncDisposable> owned) : IAsyncDisposable
{
    /// <summary>What traffic follows, secrets in clear.</summary>
    public IConfigSource Source => source;

    /// <summary>What the Admin API and its neighbours read and write, secrets in clear.</summary>
    public IConfigStore Store => store;

    /// <summary>What takes a whole configuration at once; null = the Admin API writes objects.</summary>
    public StandaloneStore? Standalone { get; init; }

    /// <summary>The last good configuration, which stands in for the source; null = the source needs nobody to.</summary>
    public LastGoodSource? LastGood { get; init; }

    /// <summary>The embedded store, where that is what is open: its history is dropped by age.</summary>
    public EmbeddedStore? Embedded { get; init; }

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
