using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// The sticky sessions of one upstream: reads the cookie of a request, and has the cookie for an answer. A cookie's value is a keyed hash (HMAC-SHA-256, cut to 64
/// bits) of the node's identity: it tells nothing of the node's address, whoever has the key makes the same, and nobody has to remember sessions. Immutable.
/// </summary>
public sealed class StickySessions
{
    private const int ValueLength = 16;

    private readonly byte[] _name;
    private readonly NodeSnapshot[] _nodes;
    private readonly ulong[] _values;
    private readonly byte[][] _fields;
    private readonly Dictionary<ulong, int> _byValue;

    /// <summary>Lays out the cookies of an upstream.</summary>
    /// <param name="config">As written.</param>
    /// <param name="owner">Key of the object that holds the upstream.</param>
    /// <param name="nodes">All nodes, by <see cref="NodeSnapshot.Index"/>.</param>
    /// <param name="key">What is common to the gateways that are to understand each other's cookies.</param>
    public StickySessions(StickyConfig config, string owner, IReadOnlyList<NodeSnapshot> nodes, ReadOnlySpan<byte> key)
    {
        Config = config;
        string name = config.Cookie.Name ?? string.Create(CultureInfo.InvariantCulture, $"node-{(uint)Hash(key, owner):x8}");
        _name = Encoding.ASCII.GetBytes(name);
        _nodes = [.. nodes];
        _values = new ulong[_nodes.Length];
        _fields = new byte[_nodes.Length][];
        _byValue = new Dictionary<ulong, int>(_nodes.Length);
        string attributes = Attributes(config.Cookie);
        for (int i = 0; i < _nodes.Length; i++)
        {
            NodeConfig node = _nodes[i].Config;
            _values[i] = Hash(key, $"{owner}\0{node.Host}\0{node.Port}");
            _byValue.TryAdd(_values[i], i); // two of equal value share the first one's sessions, once in 2^64 pairs
            _fields[i] = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}={_values[i]:x16}{attributes}"));
        }
    }

    /// <summary>What it was made for.</summary>
    public StickyConfig Config { get; }

    /// <summary>The node that the request's cookie names; null when it has none, or one that is not ours or of no present node. Never allocates.</summary>
    public NodeSnapshot? Find(IRequestView request) =>
        TryGetValue(request, out ulong value) && _byValue.TryGetValue(value, out int index) ? _nodes[index] : null;

    /// <summary>The value of Set-Cookie for an answer of a node, ASCII; null when the request's cookie says so already. Never allocates.</summary>
    public byte[]? CookieFor(IRequestView request, NodeSnapshot node) =>
        TryGetValue(request, out ulong value) && value == _values[node.Index] ? null : _fields[node.Index];

    /// <summary>Strict: sixteen lower-case hexadecimal digits and nothing else.</summary>
    private bool TryGetValue(IRequestView request, out ulong value)
    {
        value = 0;
        if (!request.TryGetHeader("cookie"u8, out ReadOnlySpan<byte> field) || !CookiePairs.TryGet(field, _name, out ReadOnlySpan<byte> text) || text.Length != ValueLength)
            return false;
        foreach (byte digit in text)
        {
            if (digit is >= (byte)'0' and <= (byte)'9')
                value = (value << 4) | (uint)(digit - '0');
            else if (digit is >= (byte)'a' and <= (byte)'f')
                value = (value << 4) | (uint)(digit - 'a' + 10);
            else
                return false;
        }

        return true;
    }

    private static ulong Hash(ReadOnlySpan<byte> key, string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private static string Attributes(StickyCookieConfig cookie)
    {
        var text = new StringBuilder("; Path=").Append(cookie.Path);
        if (cookie.Domain is { } domain)
            text.Append("; Domain=").Append(domain);
        if (cookie.MaxAge is { } age)
            text.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)age.TotalSeconds}");
        if (cookie.Secure)
            text.Append("; Secure");
        if (cookie.HttpOnly)
            text.Append("; HttpOnly");
        if (cookie.SameSite is { } site)
            text.Append("; SameSite=").Append(char.ToUpperInvariant(site[0])).Append(site.AsSpan(1));
        return text.ToString();
    }
}
