using System.Net;

namespace Headgate.Proxy.Dns;

/// <summary>Reads <c>/etc/hosts</c> (hosts(5)): addresses by name.</summary>
internal static class HostsFile
{
    /// <summary>No names.</summary>
    public static readonly IReadOnlyDictionary<string, IPAddress[]> Empty = new Dictionary<string, IPAddress[]>();

    /// <summary>Reads a file's text; a name's addresses are in the order of the lines. Lines that are none are passed over.</summary>
    public static IReadOnlyDictionary<string, IPAddress[]> Read(string text)
    {
        var hosts = new Dictionary<string, List<IPAddress>>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
                continue;
            foreach (string name in words.Skip(1).Select(word => word.TrimEnd('.').ToLowerInvariant()))
            {
                if (!hosts.TryGetValue(name, out List<IPAddress>? addresses))
                    hosts.Add(name, addresses = []);
                if (!addresses.Contains(address))
                    addresses.Add(address);
            }
        }

        return hosts.ToDictionary(host => host.Key, host => host.Value.ToArray(), StringComparer.Ordinal);
    }
}
