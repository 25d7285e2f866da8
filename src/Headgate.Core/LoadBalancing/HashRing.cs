using System.Buffers.Binary;
using System.Text;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// A ring of points, 160 per unit of a node's weight (weight / gcd of all), each belonging to a node; a key belongs to the first point at or after its hash.
/// The points are those of APISIX (lua-resty-chash), so keys stay on their nodes when a user moves over: point i of a node is the CRC-32 of
/// "host NUL port" continued over the four little-endian bytes of point i − 1 (0 before the first). Immutable.
/// </summary>
internal sealed class HashRing
{
    /// <summary>Points per unit of weight.</summary>
    public const int PointsPerUnit = 160;

    /// <summary>
    /// Points of a ring at most, 8 bytes each. Weights such as 1,000,000 : 999,999 would ask for gigabytes; there, shares are kept to this resolution (and every
    /// node to one point at least) and keys lie differently than in APISIX.
    /// </summary>
    public const int PointsMax = 1_000_000;

    /// <summary>Hash in the upper half, position of the node in the lower, ascending: equal hashes come in a fixed order.</summary>
    private readonly ulong[] _points;

    /// <summary>Lays out the ring of <paramref name="nodes"/>, at least one.</summary>
    public HashRing(NodeSnapshot[] nodes)
    {
        int divisor = 0;
        long units = 0;
        foreach (NodeSnapshot node in nodes)
        {
            (divisor, int b) = (UntriedNodes.Weight(node), divisor);
            while (b != 0)
                (divisor, b) = (b, divisor % b);
        }

        foreach (NodeSnapshot node in nodes)
            units += UntriedNodes.Weight(node) / divisor;

        double pointsPerUnit = Math.Min(PointsPerUnit, (double)PointsMax / units);
        var points = new List<ulong>((int)(units * pointsPerUnit) + nodes.Length);
        for (int i = 0; i < nodes.Length; i++)
            AddPoints(points, i, nodes[i].Config, Math.Max(1, (int)(UntriedNodes.Weight(nodes[i]) / divisor * pointsPerUnit)));
        points.Sort();
        _points = [.. points];
    }

    /// <summary>Number of points.</summary>
    public int Count => _points.Length;

    /// <summary>Where on the ring a hash falls: the first point at or after it, after the last the first.</summary>
    public int Find(uint hash)
    {
        int at = Array.BinarySearch(_points, (ulong)hash << 32);
        at = at < 0 ? ~at : at;
        return at == _points.Length ? 0 : at;
    }

    /// <summary>Position of the node that a point belongs to.</summary>
    public int NodeAt(int point) => (int)(uint)_points[point];

    private static void AddPoints(List<ulong> points, int node, Config.NodeConfig config, int count)
    {
        uint identity = Crc32.Update(Crc32.Begin, Encoding.UTF8.GetBytes($"{config.Host}\0{config.Port}"));
        Span<byte> previous = stackalloc byte[sizeof(uint)];
        previous.Clear();
        for (int i = 0; i < count; i++)
        {
            uint hash = Crc32.End(Crc32.Update(identity, previous));
            points.Add(((ulong)hash << 32) | (uint)node);
            BinaryPrimitives.WriteUInt32LittleEndian(previous, hash);
        }
    }
}
