using System.Runtime.CompilerServices;
using Headgate.Store;

namespace Headgate.Proxy.Tests.Configuration;

/// <summary>A source whose watch a test can end with a gap, whatever was or was not missed.</summary>
internal sealed class InterruptedSource(IConfigSource source) : IConfigSource
{
    private CancellationTokenSource _interrupt = new();

    /// <summary>Reads of everything so far.</summary>
    public int Reads { get; private set; }

    /// <summary>The watch under way sees nothing from now on.</summary>
    public bool HoldsBack { get; set; }

    /// <summary>Ends the watch under way with a gap; the next one when none is: a source that has read everything may not watch yet.</summary>
    public void Interrupt() => Volatile.Read(ref _interrupt).Cancel();

    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
    {
        Reads++;
        return source.GetAsync(prefix, cancellationToken);
    }

    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Volatile.Read(ref _interrupt).Token);
        IAsyncEnumerator<StoreRevision> inner = source.WatchAsync(prefix, afterRevision, either.Token).GetAsyncEnumerator(either.Token);
        await using (inner)
        {
            while (await NextAsync(inner, cancellationToken))
            {
                if (!HoldsBack)
                    yield return inner.Current;
            }
        }

        Volatile.Write(ref _interrupt, new CancellationTokenSource());
        HoldsBack = false; // not before the watch has ended: it would still bring the last revision, without those it missed
        yield return StoreRevision.Gap;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static async Task<bool> NextAsync(IAsyncEnumerator<StoreRevision> inner, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
