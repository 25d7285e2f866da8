using System.Globalization;
using System.Net;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Dns;

/// <summary>Reads <c>resolv.conf</c> (its manual page: resolv.conf(5)).</summary>
internal static class ResolvConf
{
    /// <summary>Servers used; glibc uses 3.</summary>
    public const int ServersMax = 8;

    /// <summary>Search domains used.</summary>
    public const int SearchMax = 32;

    /// <summary>Reads a file's text. Lines and options that mean nothing here are passed over, as every reader of the file does.</summary>
    public static NameServers Read(string text)
    {
        NameServers read = NameServers.Default;
        var servers = new List<IPEndPoint>();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is not [string keyword, .. string[] values] || keyword[0] is '#' or ';')
                continue;
            switch (keyword)
            {
                case "nameserver" when values.Length > 0 && servers.Count < ServersMax && IPAddress.TryParse(values[0], out IPAddress? address):
                    servers.Add(new IPEndPoint(address, 53));
                    break;

                // The last of these lines counts.
                case "search" or "domain":
                    read = read with { Search = Domains(keyword == "domain" ? values.Take(1) : values) };
                    break;
                case "options":
                    read = values.Aggregate(read, Apply);
                    break;
            }
        }

        return servers.Count == 0 ? read : read with { Servers = [.. servers] };
    }

    private static EquatableArray<string> Domains(IEnumerable<string> written)
    {
        var domains = new List<string>();
        foreach (string domain in written.Take(SearchMax))
        {
            try
            {
                domains.Add(DnsName.Normalize(domain));
            }
            catch (DnsException)
            {
                // "search ." stands for no domain; what is no name at all cannot be searched either.
            }
        }

        return [.. domains];
    }

    private static NameServers Apply(NameServers read, string option)
    {
        string[] parts = option.Split(':');
        int number = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : -1;
        return (parts[0], number) switch
        {
            ("ndots", >= 0) => read with { Dots = Math.Min(number, 15) },
            ("timeout", > 0) => read with { Timeout = TimeSpan.FromSeconds(Math.Min(number, 30)) },
            ("attempts", > 0) => read with { Attempts = Math.Min(number, 5) },
            ("rotate", _) => read with { Rotates = true },
            _ => read,
        };
    }
}
