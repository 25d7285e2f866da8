using System.Net;

namespace Headgate.Core.Upstreams;

/// <summary>
/// Endpoints whose address left a node, remembered for <see cref="NodeDirectory.RememberedFor"/>. At most <see cref="EndpointsMax"/>, the oldest goes first: a
/// name behind a large rotating pool must not grow without bound. Used by the resolver only.
/// </summary>
internal sealed class DepartedEndpoints
{
    /// <summary>Endpoints remembered per node.</summary>
    public const int EndpointsMax = 256;

    private readonly List<(EndpointState Endpoint, long Left)> _items = [];

    /// <summary>Remembers an endpoint that left now.</summary>
    public void Add(EndpointState endpoint, TimeProvider time)
    {
        DropOld(time);
        if (_items.Count == EndpointsMax)
            _items.RemoveAt(0);
        _items.Add((endpoint, time.GetTimestamp()));
    }

    /// <summary>Gives back, and no longer remembers, the endpoint of an address; null when it is not remembered.</summary>
    public EndpointState? Take(IPAddress address, TimeProvider time)
    {
        DropOld(time);
        int index = _items.FindIndex(item => item.Endpoint.Address.Address.Equals(address));
        if (index < 0)
            return null;
        EndpointState endpoint = _items[index].Endpoint;
        _items.RemoveAt(index);
        return endpoint;
    }

    private void DropOld(TimeProvider time) => _items.RemoveAll(item => time.GetElapsedTime(item.Left) >= NodeDirectory.RememberedFor);
}
