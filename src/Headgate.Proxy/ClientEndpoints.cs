using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Headgate.Proxy;

/// <summary>Both ends of a client's connection, in the forms that requests need; made once per connection.</summary>
internal sealed class ClientEndpoints
{
    public ClientEndpoints(EndPoint? client, EndPoint? server)
    {
        (ClientAddress, ClientPort, ClientAddressText) = Describe(client);
        (ServerAddress, ServerPort, _) = Describe(server);
    }

    public UInt128 ClientAddress { get; }

    public int ClientPort { get; }

    public byte[] ClientAddressText { get; }

    public UInt128 ServerAddress { get; }

    public int ServerPort { get; }

    private static (UInt128 Address, int Port, byte[] Text) Describe(EndPoint? endpoint)
    {
        if (endpoint is not IPEndPoint ip)
            return (0, 0, "unix"u8.ToArray());
        IPAddress address = ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address;
        byte[] bytes = (address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address).GetAddressBytes();
        return (BinaryPrimitives.ReadUInt128BigEndian(bytes), ip.Port, Encoding.ASCII.GetBytes(new IPAddress(address.GetAddressBytes()).ToString()));
    }
}
