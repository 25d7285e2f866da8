using System.Net;
using System.Net.Sockets;

namespace Headgate.Proxy.Upstream;

/// <summary>The system's resolver: <c>/etc/hosts</c>, then the name servers of <c>/etc/resolv.conf</c>, as <c>getaddrinfo</c> does it.</summary>
public sealed class SystemHostLookup : IHostLookup
{
    /// <summary>
    /// A and AAAA addresses in the system's order. Addresses of a family that this machine has no route for are left out while others remain: each try at
    /// one would fail.
    /// </summary>
    public async Task<IPAddress[]> LookupAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] all = await Dns.GetHostAddressesAsync(host, cancellationToken);
        IPAddress[] reachable = Array.FindAll(all, HasRoute);
        return reachable.Length == 0 ? all : reachable;
    }

    private static bool HasRoute(IPAddress address)
    {
        try
        {
            // Connecting a datagram socket asks the routing table and sends nothing.
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address, 9);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
