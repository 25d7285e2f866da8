using System.Text;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// A table of a prime number of entries, each belonging to a node; a key belongs to the entry its hash falls on. Every node wants the entries in an order of its own,
/// which depends on its host and port alone, and the nodes take turns by weight, each taking the first entry it wants that is free (Eisenbud et al., "Maglev: A Fast
/// and Reliable Software Network Load Balancer", NSDI 2016, 3.4). Shares are nearly exact, and a change of the set moves few keys between nodes that stay. Immutable.
/// </summary>
internal sealed class MaglevTable
{
    /// <summary>Entries per node at least: a node of average weight then misses its share by a per cent at most (the paper's 5.3).</summary>
    private const int EntriesPerNode = 100;

    /// <summary>The sizes, primes: the paper's two and Envoy's largest. Few, as nearly all keys move when the size changes; 4 bytes an entry.</summary>
    private static readonly int[] Sizes = [65_537, 655_373, 5_000_011];

    private readonly int[] _entries;

    /// <summary>Lays out the table of <paramref name="nodes"/>, at least one. Their order does not matter.</summary>
    public MaglevTable(NodeSnapshot[] nodes)
    {
        int size = Array.Find(Sizes, size => size >= (long)EntriesPerNode * nodes.Length) is var fitting and > 0 ? fitting : Sizes[^1];
        _entries = new int[size];
        Array.Fill(_entries, -1);

        // The k-th turn of a node comes at k / weight, whatever the other nodes are: so a node that goes leaves the others' order as it was. All have their first
        // turn at 0 and with it an entry at least.
        var turns = new PriorityQueue<Wish, (double Time, ulong Identity)>(nodes.Length);
        for (int i = 0; i < nodes.Length; i++)
        {
            ulong identity = Identity(nodes[i].Config.Host, nodes[i].Config.Port);
            int offset = (int)(Mix64.Of(identity) % (uint)size);
            int skip = (int)(Mix64.Of(identity + Mix64.Step) % (uint)(size - 1)) + 1;
            turns.Enqueue(new Wish(i, offset, skip, 1), (0, identity));
        }

        for (int taken = 0; taken < size; taken++)
        {
            turns.TryPeek(out Wish wish, out (double Time, ulong Identity) turn);
            int at = wish.At;
            while (_entries[at] >= 0)
                at = Next(at, wish.Skip, size);
            _entries[at] = wish.Node;
            turns.DequeueEnqueue(wish with { At = Next(at, wish.Skip, size), Turns = wish.Turns + 1 }, (wish.Turns / (double)UntriedNodes.Weight(nodes[wish.Node]), turn.Identity));
        }
    }

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Length;

    /// <summary>Position of the node that a hash of 64 good bits belongs to.</summary>
    public int NodeAt(ulong hash) => _entries[PositionOf(hash)];

    /// <summary>The entry that a hash falls on.</summary>
    public int PositionOf(ulong hash) => Mix64.Below(hash, _entries.Length);

    /// <summary>A skip below a prime size reaches every entry once before it comes back.</summary>
    private static int Next(int at, int skip, int size) => at + skip < size ? at + skip : at + skip - size;

    /// <summary>FNV-1a of <c>host NUL port</c>, 64 bits: the same in every process.</summary>
    private static ulong Identity(string host, int port)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte value in Encoding.UTF8.GetBytes($"{host}\0{port}"))
            hash = (hash ^ value) * 0x0000_0100_0000_01B3;
        return hash;
    }

    /// <summary>What a node wants next: entry <paramref name="At"/>, from there every <paramref name="Skip"/>-th; it has had <paramref name="Turns"/> turns after this one.</summary>
    private readonly record struct Wish(int Node, int At, int Skip, int Turns);
}
