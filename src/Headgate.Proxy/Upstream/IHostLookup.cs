using System.Net;

namespace Headgate.Proxy.Upstream;

/// <summary>Asks for the addresses of a host name.</summary>
public interface IHostLookup
{
    /// <summary>
    /// All addresses of <paramref name="host"/>, in order of preference; empty when the name exists without one. Throws when the name does not exist or nobody
    /// answers; the text of the exception says which. Called on the thread pool, for several hosts at once.
    /// </summary>
    Task<IPAddress[]> LookupAsync(string host, CancellationToken cancellationToken);
}
