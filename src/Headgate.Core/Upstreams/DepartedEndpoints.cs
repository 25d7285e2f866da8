using System.Net;

namespace Headgate.Core.Upstreams;

/// <summary>
/// Endpoints whose address left a node, remembered for <see cref="NodeDirectory.RememberedFor"/>. At most <see cref="EndpointsMax"/>, the oldest goes first: a
/// name behind a large rotating pool must not grow without bound. Used by the resolver only, but for <see cref="InFlight"/>.
/// </summary>
internal sealed class DepartedEndpoints
{
    /// <summary>Endpoints remembered per node.</summary>
    public const int EndpointsMax = 256;

    // Replaced as a whole, rarely: others count what is still under way.
    private volatile (EndpointState Endpoint, long Left)[] _items = [];

    /// <summary>Tries under way at them. Any thread.</summary>
    public long InFlight
    {
        get
        {
            long sum = 0;
            foreach ((EndpointState endpoint, _) in _items)
                sum += endpoint.InFlight;
            return sum;
        }
    }

    /// <summary>Remembers an endpoint that left now.</summary>
    public void Add(EndpointState endpoint, TimeProvider time)
    {
        DropOld(time);
        _items = [.. _items.TakeLast(EndpointsMax - 1), (endpoint, time.GetTimestamp())];
    }

    /// <summary>Gives back, and no longer remembers, the endpoint of an address; null when it is not remembered.</summary>
    public EndpointState? Take(IPAddress address, TimeProvider time)
    {
        DropOld(time);
        EndpointState? endpoint = Array.Find(_items, item => item.Endpoint.Address.Address.Equals(address)).Endpoint;
        if (endpoint is not null)
            _items = Array.FindAll(_items, item => item.Endpoint != endpoint);
        return endpoint;
    }

    private void DropOld(TimeProvider time) => _items = Array.FindAll(_items, item => time.GetElapsedTime(item.Left) < NodeDirectory.RememberedFor);
}
