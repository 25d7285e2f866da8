namespace Headgate.Core.Routing;

/// <summary>The paths and hosts of a route that has several, to say which of them a request goes by: the exact one, else the longest. Immutable.</summary>
internal sealed class RoutePatterns(IEnumerable<string> uris, IEnumerable<string> hosts)
{
    private readonly UriPattern[] _uris = [.. uris.Select(UriPattern.Parse)];
    private readonly HostPattern[] _hosts = [.. hosts.Select(HostPattern.Parse)];

    /// <summary>Index of the path; −1 = none.</summary>
    public int IndexOfUri(ReadOnlySpan<byte> path)
    {
        int best = -1;
        for (int i = 0; i < _uris.Length; i++)
        {
            UriPattern uri = _uris[i];
            if (!uri.IsPrefix && path.SequenceEqual(uri.Key))
                return i;
            if (uri.IsPrefix && path.StartsWith(uri.Key) && uri.RestMatches(path) && (best < 0 || uri.Key.Length > _uris[best].Key.Length))
                best = i;
        }

        return best;
    }

    /// <summary>Index of the host; −1 = none.</summary>
    public int IndexOfHost(ReadOnlySpan<byte> host)
    {
        int best = -1;
        for (int i = 0; i < _hosts.Length; i++)
        {
            HostPattern pattern = _hosts[i];
            bool ends = host.Length >= pattern.Key.Length && EndsWith(host, pattern.Key);
            if (ends && !pattern.IsPrefix && host.Length == pattern.Key.Length)
                return i;
            if (ends && pattern.IsPrefix && (best < 0 || pattern.Key.Length > _hosts[best].Key.Length))
                best = i;
        }

        return best;
    }

    /// <summary>Keys of hosts are read from their end.</summary>
    private static bool EndsWith(ReadOnlySpan<byte> host, ReadOnlySpan<byte> reversed)
    {
        for (int i = 0; i < reversed.Length; i++)
        {
            if (host[host.Length - 1 - i] != reversed[i])
                return false;
        }

        return true;
    }
}
