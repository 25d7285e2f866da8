using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>Addresses as the system writes them (struct sockaddr_in, sockaddr_in6).</summary>
internal static unsafe class SocketAddresses
{
    /// <summary>Room for every address that a TCP socket can have.</summary>
    public const int BytesMax = 28;

    /// <summary>The address in <paramref name="bytes"/>; null when it is of another family.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return null;
        int port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return MemoryMarshal.Read<ushort>(bytes) switch
        {
            LibC.AF_INET => new IPEndPoint(new IPAddress(bytes[4..8]), port),
            LibC.AF_INET6 when bytes.Length >= BytesMax => new IPEndPoint(new IPAddress(bytes[8..24], MemoryMarshal.Read<uint>(bytes[24..])), port),
            _ => null,
        };
    }

    /// <summary>Writes an address; the number of bytes. <paramref name="bytes"/>: <see cref="BytesMax"/> zeros.</summary>
    public static int Write(IPEndPoint address, Span<byte> bytes)
    {
        bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        MemoryMarshal.Write(bytes, (ushort)(v6 ? LibC.AF_INET6 : LibC.AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)address.Port);
        _ = address.Address.TryWriteBytes(bytes[(v6 ? 8 : 4)..], out _);
        if (!v6)
            return 16;
        MemoryMarshal.Write(bytes[24..], (uint)address.Address.ScopeId);
        return BytesMax;
    }

    /// <summary>The address that a socket is bound to.</summary>
    public static IPEndPoint? Local(int fd)
    {
        byte* bytes = stackalloc byte[BytesMax];
        int length = BytesMax;
        return LibC.getsockname(fd, bytes, &length) == 0 ? Read(new ReadOnlySpan<byte>(bytes, Math.Min(length, BytesMax))) : null;
    }

    /// <summary>Binds a new non-blocking TCP socket. Its descriptor, or the negative error.</summary>
    public static int Bind(IPEndPoint address, bool reusePort)
    {
        bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int fd = LibC.socket(v6 ? LibC.AF_INET6 : LibC.AF_INET, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, 0);
        if (fd < 0)
            return -LibC.Errno;
        _ = LibC.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEADDR, 1);
        if (v6 && address.Address.Equals(IPAddress.IPv6Any))
            _ = LibC.SetOption(fd, LibC.IPPROTO_IPV6, LibC.IPV6_V6ONLY, 0);
        if (reusePort)
            _ = LibC.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEPORT, 1);
        SocketAddress bytes = address.Serialize();
        fixed (byte* start = bytes.Buffer.Span)
        {
            if (LibC.bind(fd, start, bytes.Size) == 0)
                return fd;
        }

        int error = LibC.Errno;
        _ = LibC.close(fd);
        return -error;
    }
}
