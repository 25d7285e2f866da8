namespace Headgate.Core.LoadBalancing;

/// <summary>
/// A fixed order of turns in which node i has w[i] of every W = Σw/gcd consecutive turns, spread as evenly as can be. Any position of the order is computed on
/// its own, so threads share nothing but the counter they draw positions from. Memory is O(nodes) whatever the weights. Immutable.
/// <para>
/// How: nodes of equal weight form a group and take plain turns in it. The groups are the leaves of a Huffman tree over their weights. At a branch of
/// weights l and r (l ≥ r), the first p visits go left round(p·l / (l + r)) times: the two-letter word with the least possible deviation (a Sturmian word).
/// A position walks down from the root, becoming at each branch the position among the visits of the child.
/// </para>
/// <para>
/// How smooth: a branch adds at most 1/2 to the deviation of its child's count, and what it inherits shrinks by the child's part of it. Along a path of a Huffman
/// tree weights grow like Fibonacci's numbers at least (the sibling of a node's parent is never lighter than the node), so after any k turns of a cycle
/// |count − k·w/W| &lt; 1/2 · (1 + 1 + 1/2 + 1/3 + 1/5 + ...) &lt; 1.68 for every node, for any number of nodes and any weights. A plain stride through the cycle
/// has no such constant: its deviation grows with log W.
/// </para>
/// </summary>
public sealed class WeightedTurns
{
    /// <summary>Below this total no product of a branch overflows 64 bits.</summary>
    private const ulong NarrowMax = uint.MaxValue;

    private readonly Branch[] _branches;
    private readonly Group[] _groups;
    private readonly int[] _order;

    /// <summary>Lays out the turns.</summary>
    /// <param name="weights">One weight a node, each ≥ 1; at least one.</param>
    public WeightedTurns(ReadOnlySpan<int> weights)
    {
        ulong divisor = 0;
        foreach (int weight in weights)
            divisor = Gcd(divisor, (ulong)weight);

        _order = OrderByWeight(weights);
        _groups = GroupEqual(weights, _order, divisor);
        _branches = BuildTree(_groups);
        foreach (Group group in _groups)
            Cycle += group.Weight;
    }

    /// <summary>W: turns after which the order repeats; ≥ 1, at most 2^31 · nodes.</summary>
    public ulong Cycle { get; }

    /// <summary>The node whose turn it is at <paramref name="position"/>, 0 ≤ position &lt; <see cref="Cycle"/>. Depth of the tree in steps; allocates nothing.</summary>
    public int NodeAt(ulong position)
    {
        int child = _branches.Length - 1; // the root is the branch made last; a negative number is a group
        while (child >= 0)
        {
            ref readonly Branch branch = ref _branches[child];
            (ulong leftVisits, bool goesLeft) = branch.Visit(position);
            child = goesLeft ? branch.Left : branch.Right;
            position = goesLeft ? leftVisits : position - leftVisits;
        }

        Group group = _groups[_branches.Length == 0 ? 0 : ~child];
        return _order[group.Start + (int)(group.Count == 1 ? 0 : position % (uint)group.Count)];
    }

    private static ulong Gcd(ulong a, ulong b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }

    /// <summary>Node indexes, lightest first; equal ones in the order written, so that equal nodes take turns as written.</summary>
    private static int[] OrderByWeight(ReadOnlySpan<int> weights)
    {
        var keys = new long[weights.Length];
        var order = new int[weights.Length];
        for (int i = 0; i < weights.Length; i++)
            (keys[i], order[i]) = (((long)weights[i] << 32) | (uint)i, i);
        Array.Sort(keys, order);
        return order;
    }

    private static Group[] GroupEqual(ReadOnlySpan<int> weights, int[] order, ulong divisor)
    {
        var groups = new List<Group>(1);
        for (int start = 0, end; start < order.Length; start = end)
        {
            int weight = weights[order[start]];
            end = start + 1;
            while (end < order.Length && weights[order[end]] == weight)
                end++;
            groups.Add(new Group(start, end - start, (ulong)weight / divisor * (ulong)(end - start)));
        }

        return [.. groups];
    }

    /// <summary>Huffman's construction: merges the two lightest until one is left.</summary>
    private static Branch[] BuildTree(Group[] groups)
    {
        if (groups.Length == 1)
            return [];

        var open = new PriorityQueue<(int Child, ulong Weight), (ulong Weight, int Age)>(groups.Length);
        for (int i = 0; i < groups.Length; i++)
            open.Enqueue((~i, groups[i].Weight), (groups[i].Weight, i));

        var branches = new Branch[groups.Length - 1];
        for (int i = 0; i < branches.Length; i++)
        {
            (int right, ulong rightWeight) = open.Dequeue();
            (int left, ulong leftWeight) = open.Dequeue();
            branches[i] = new Branch(left, right, leftWeight, leftWeight + rightWeight);
            open.Enqueue((i, leftWeight + rightWeight), (leftWeight + rightWeight, groups.Length + i));
        }

        return branches;
    }

    /// <summary>Nodes of equal weight: <paramref name="Count"/> entries of the order from <paramref name="Start"/>, weighing <paramref name="Weight"/> together.</summary>
    private readonly record struct Group(int Start, int Count, ulong Weight);

    /// <summary>A branch; a child ≥ 0 is a branch, a negative one the complement of a group. The left child is the heavier.</summary>
    private readonly record struct Branch(int Left, int Right, ulong LeftWeight, ulong Weight)
    {
        /// <summary>How many of the visits before <paramref name="position"/> went left, and whether this one does. Both from one division.</summary>
        public (ulong LeftVisits, bool GoesLeft) Visit(ulong position)
        {
            ulong quotient, remainder;
            if (Weight <= NarrowMax)
            {
                (quotient, remainder) = Math.DivRem((position * LeftWeight) + (Weight / 2), Weight);
            }
            else
            {
                UInt128 product = new UInt128(Math.BigMul(position, LeftWeight, out ulong low), low) + (Weight / 2);
                quotient = (ulong)(product / Weight);
                remainder = (ulong)product - unchecked(quotient * Weight);
            }

            return (quotient, remainder >= Weight - LeftWeight);
        }
    }
}
