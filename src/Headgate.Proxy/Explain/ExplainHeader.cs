using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Explain;

/// <summary>
/// Finds the requests whose answer is to say what was done with them: those that carry an admin's key in <see cref="ExplainHeaderOptions.HeaderName"/> and come from an address
/// that is let in. A request that does not is served as if it had no such header: nobody is told whether a key was wrong, and it costs one hash at most, no lock and no memory.
/// Thread-safe.
/// </summary>
internal sealed class ExplainHeader
{
    private static ReadOnlySpan<byte> Name => "x-headgate-explain"u8;

    private readonly byte[][] _keyHashes;
    private readonly (UInt128 Base, UInt128 Mask)[] _peers;

    /// <summary>Makes it.</summary>
    public ExplainHeader(ExplainHeaderOptions options)
    {
        _keyHashes = [.. options.KeyHashes];
        _peers = [.. options.Peers.Select(Range)];
    }

    /// <summary>A request has been matched (null = no route): from here on it is noted what is done with it, if it asks for that and may.</summary>
    public void Begin(Exchange exchange, GatewaySnapshot snapshot, RouteSnapshot? route)
    {
        if (exchange.Request.TryGet(Name, out ReadOnlySpan<byte> key) && IsLetIn(exchange.ClientAddress) && IsKey(key))
            exchange.Account = new RequestAccount(snapshot, route);
    }

    private bool IsLetIn(UInt128 address)
    {
        foreach ((UInt128 start, UInt128 mask) in _peers)
        {
            if ((address & mask) == start)
                return true;
        }

        return _peers.Length == 0;
    }

    /// <summary>Every key is compared, over hashes of one length, so that the time taken tells nothing about any of them.</summary>
    private bool IsKey(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        bool isFound = false;
        foreach (byte[] expected in _keyHashes)
            isFound |= CryptographicOperations.FixedTimeEquals(hash, expected);
        return isFound;
    }

    /// <summary>As <see cref="Exchange.ClientAddress"/> has addresses: those of IPv4 mapped into IPv6.</summary>
    private static (UInt128 Base, UInt128 Mask) Range(IPNetwork network)
    {
        bool isV4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        byte[] bytes = (isV4 ? network.BaseAddress.MapToIPv6() : network.BaseAddress).GetAddressBytes();
        int fixedBits = network.PrefixLength + (isV4 ? 96 : 0);
        UInt128 mask = fixedBits == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - fixedBits);
        return (BinaryPrimitives.ReadUInt128BigEndian(bytes) & mask, mask);
    }
}
