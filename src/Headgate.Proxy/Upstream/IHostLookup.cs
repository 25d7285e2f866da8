namespace Headgate.Proxy.Upstream;

/// <summary>Asks for the addresses of a host name.</summary>
public interface IHostLookup
{
    /// <summary>
    /// All addresses of <paramref name="host"/>, and how long they count. Throws when the name does not exist or nobody answers; the text of the exception says which.
    /// Called on the thread pool, for several hosts at once.
    /// </summary>
    Task<HostAnswer> LookupAsync(string host, CancellationToken cancellationToken);
}
