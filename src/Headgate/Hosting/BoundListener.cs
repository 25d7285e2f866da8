using System.Net;
using System.Net.Sockets;
using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>A listener that is open.</summary>
/// <param name="Plan">What asked for it.</param>
/// <param name="EndPoint">What it got.</param>
internal sealed record BoundListener(ListenerPlan Plan, IPEndPoint EndPoint)
{
    /// <summary>A URL under which this machine reaches it: an address that stands for all becomes the loopback one.</summary>
    public string LocalUrl
    {
        get
        {
            bool every = EndPoint.Address.Equals(IPAddress.Any) || EndPoint.Address.Equals(IPAddress.IPv6Any);
            IPAddress address = every ? IPAddress.Loopback : EndPoint.Address;
            string host = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
            return $"{Plan.Scheme}://{host}:{EndPoint.Port}";
        }
    }
}
