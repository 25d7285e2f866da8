using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Headgate.Testing;

/// <summary>A record as bytes of a message, its names not compressed.</summary>
public sealed record WireRecord(byte[] Bytes)
{
    /// <summary>A or AAAA.</summary>
    public static WireRecord Address(string name, string address, uint ttl = 60)
    {
        byte[] data = IPAddress.Parse(address).GetAddressBytes();
        return Of(name, data.Length == 4 ? 1 : 28, ttl, data);
    }

    /// <summary>CNAME.</summary>
    public static WireRecord Alias(string name, string target, uint ttl = 60) => Of(name, 5, ttl, Name(target));

    /// <summary>NS.</summary>
    public static WireRecord Server(string name, string target, uint ttl = 60) => Of(name, 2, ttl, Name(target));

    /// <summary>SRV.</summary>
    public static WireRecord Service(string name, int priority, int weight, int port, string target, uint ttl = 60) =>
        Of(name, 33, ttl, [(byte)(priority >> 8), (byte)priority, (byte)(weight >> 8), (byte)weight, (byte)(port >> 8), (byte)port, .. Name(target)]);

    /// <summary>SOA.</summary>
    public static WireRecord Zone(string name, uint ttl, uint minimum)
    {
        byte[] numbers = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(16), minimum);
        return Of(name, 6, ttl, [.. Name("ns.test"), .. Name("admin.test"), .. numbers]);
    }

    /// <summary>OPT, with the upper bits of the answer's code.</summary>
    public static WireRecord Opt(byte upperCode) => Of("", 41, (uint)upperCode << 24, [], classNumber: 1232);

    /// <summary>Any record.</summary>
    public static WireRecord Of(string name, int type, uint ttl, byte[] data, int classNumber = 1) => new(
    [
        .. Name(name), (byte)(type >> 8), (byte)type, (byte)(classNumber >> 8), (byte)classNumber,
        (byte)(ttl >> 24), (byte)(ttl >> 16), (byte)(ttl >> 8), (byte)ttl, (byte)(data.Length >> 8), (byte)data.Length, .. data,
    ]);

    /// <summary>A name's labels, and the root's.</summary>
    public static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]), 0];
}
