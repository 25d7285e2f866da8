using System.Net;
using System.Net.Sockets;
using Headgate.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Headgate.Hosting;

/// <summary>
/// Opens the sockets of planned listeners for Kestrel (<see cref="SocketTransportOptions.CreateBoundListenSocket"/>), so that a failure names
/// the key that asked for it, and a listener on port 0 is known by the port it got. Used while servers start, one after the other.
/// </summary>
internal sealed class ListenSockets(IEnumerable<ListenerPlan> plans)
{
    private readonly List<ListenerPlan> _waiting = [.. plans];
    private readonly List<BoundListener> _bound = [];

    /// <summary>The listeners that are open, in the order in which they were opened.</summary>
    public IReadOnlyList<BoundListener> Bound => _bound;

    /// <summary>Opens a socket bound to <paramref name="endPoint"/>, not yet listening.</summary>
    /// <exception cref="ListenException">It cannot be had.</exception>
    public Socket Open(EndPoint endPoint)
    {
        var address = (IPEndPoint)endPoint;

        // Several plans may ask for port 0 of one address; Kestrel opens them in the order they were configured in.
        ListenerPlan plan = _waiting.Find(p => p.Listen.Port == address.Port && IsFor(p.Address, address.Address))
            ?? throw new InvalidOperationException($"no listener was planned on {endPoint}");
        try
        {
            Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
            _waiting.Remove(plan);
            _bound.Add(new BoundListener(plan, (IPEndPoint)socket.LocalEndPoint!));
            return socket;
        }
        catch (SocketException e) when (!(plan.Address is null && e.SocketErrorCode == SocketError.AddressFamilyNotSupported))
        {
            throw new ListenException(plan, endPoint, e);
        }
    }

    // A plan for every address is tried on IPv6 first and on IPv4 where there is none.
    private static bool IsFor(IPAddress? planned, IPAddress asked) =>
        planned is null ? asked.Equals(IPAddress.IPv6Any) || asked.Equals(IPAddress.Any) : planned.Equals(asked);
}
