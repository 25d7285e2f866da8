using System.Runtime.InteropServices;
using Headgate.Core.Primitives;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// What a policy keeps per upstream and tier across edits. Thread-safe. Every request to the upstream writes here from whichever core serves it, so the
/// counters lie apart from their neighbours on the heap: without the gap each pick would take the neighbours' cache line (a picker's, say) from all other cores.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
public sealed class BalancerState
{
    /// <summary>First picks so far; a policy draws its turn from it with <see cref="Interlocked"/>. Wraps after 2^64.</summary>
    [FieldOffset(64)]
    public long Turn;

    /// <summary>Retry picks so far, apart from <see cref="Turn"/> so that first picks stay exactly in proportion.</summary>
    [FieldOffset(72)]
    public long RetryTurn;

    [FieldOffset(80)]
    private readonly ulong _seed;

    /// <summary>Makes the state. <paramref name="seed"/>: where <see cref="NextRandom"/> begins; gateways side by side should differ in it, or they draw alike.</summary>
    public BalancerState(ulong seed = 0) => _seed = seed;

    /// <summary>A state of its own that goes on where this one stands.</summary>
    public BalancerState Copy() => new(_seed) { Turn = Volatile.Read(ref Turn), RetryTurn = Volatile.Read(ref RetryTurn) };

    /// <summary>The next random number, for policies that draw: uses up a <see cref="Turn"/>. The same seed gives the same numbers in the same order.</summary>
    public ulong NextRandom() => Mix64.Of(_seed + ((ulong)Interlocked.Increment(ref Turn) * Mix64.Step));
}
