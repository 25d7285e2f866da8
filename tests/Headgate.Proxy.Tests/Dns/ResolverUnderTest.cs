using System.Net;
using Headgate.Proxy.Dns;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Dns;

/// <summary>Resolvers that ask the tests' own servers and read the tests' own files.</summary>
internal static class ResolverUnderTest
{
    /// <summary>Options that ask these servers and read no file.</summary>
    public static DnsResolverOptions Asking(params IPEndPoint[] servers) => new() { Servers = [.. servers], ResolvConfPath = "/nonexistent/resolv.conf", HostsPath = null };

    public static DnsResolver Make(DnsResolverOptions options, TimeProvider? time = null) => new(options, time ?? TimeProvider.System, NullLogger<DnsResolver>.Instance);

    /// <summary>The addresses of a name, as text.</summary>
    public static async Task<string> AddressesAsync(this DnsResolver resolver, string name, DnsType type = DnsType.A)
    {
        DnsAnswer answer = await resolver.AskAsync(name, type, TestContext.Current.CancellationToken);
        return string.Join(' ', answer.Records.Cast<AddressRecord>().Select(record => record.Address));
    }
}
