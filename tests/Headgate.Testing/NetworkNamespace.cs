using System.Globalization;
using System.Net;

namespace Headgate.Testing;

/// <summary>
/// A network namespace of its own with a cable (a pair of <c>veth</c>) to this one: what runs in it reaches this side by two addresses, and can be cut off from each. Needs root. Everything
/// goes with it.
/// </summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    /// <summary>Addresses for tests between networks (RFC 2544); eight for each namespace.</summary>
    private const uint Range = (198u << 24) | (18u << 16);

    private const int Places = 1 << 14;
    private static int _made;
    private readonly string _name;
    private readonly string _cable;
    private readonly uint _first;

    private NetworkNamespace(string name, string cable, uint first) => (_name, _cable, _first) = (name, cable, first);

    /// <summary>An address of this side.</summary>
    public IPAddress Address => At(1);

    /// <summary>Another address of this side.</summary>
    public IPAddress OtherAddress => At(4);

    /// <summary>All addresses that a namespace may have.</summary>
    public static string AllAddresses => "198.18.0.0/15";

    /// <summary>What begins a command that is to run in it; it becomes the command.</summary>
    public string[] Exec => ["ip", "netns", "exec", _name];

    /// <summary>Makes one; the reason when this machine, or its user, cannot.</summary>
    public static async Task<(NetworkNamespace? Made, string? WhyNot)> TryMakeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return (null, "network namespaces need root");
        string unique = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}x{Interlocked.Increment(ref _made)}");
        var network = new NetworkNamespace($"headgate-{unique}", $"hg{unique}", await FreeAsync());
        try
        {
            await network.MakeAsync();
            return (network, null);
        }
        catch (InvalidOperationException e)
        {
            await network.DisposeAsync();
            return (null, e.Message);
        }
    }

    /// <summary>From now on nothing in it reaches an address of this side.</summary>
    public Task CutOffAsync(IPAddress address) => IpAsync("-n", _name, "route", "add", "blackhole", $"{address}/32");

    /// <summary>From now on it does again.</summary>
    public Task ReconnectAsync(IPAddress address) => IpAsync("-n", _name, "route", "del", "blackhole", $"{address}/32");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // One end takes the other with it; a namespace that something still runs in would keep its own.
        await TryIpAsync("link", "del", _cable);
        await TryIpAsync("netns", "del", _name);
    }

    private async Task MakeAsync()
    {
        string inner = _cable + "i";
        await IpAsync("netns", "add", _name);
        await IpAsync("link", "add", _cable, "type", "veth", "peer", "name", inner, "netns", _name);
        await IpAsync("addr", "add", $"{Address}/29", "dev", _cable);
        await IpAsync("addr", "add", $"{OtherAddress}/29", "dev", _cable);
        await IpAsync("link", "set", _cable, "up");
        await IpAsync("-n", _name, "addr", "add", $"{At(2)}/29", "dev", inner);
        await IpAsync("-n", _name, "link", "set", "lo", "up");
        await IpAsync("-n", _name, "link", "set", inner, "up");
        await IpAsync("netns", "exec", _name, "true");
    }

    private IPAddress At(uint place) => AddressOf(_first + place);

    private static IPAddress AddressOf(uint number) => new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    /// <summary>The first address of eight that no device here has: from a place that differs from process to process.</summary>
    private static async Task<uint> FreeAsync()
    {
        string taken = (await TryIpAsync("-o", "-4", "addr", "show")).Output;
        int begin = Environment.ProcessId + (_made * 131);
        for (int i = 0; i < Places; i++)
        {
            uint first = Range + ((uint)((begin + i) % Places) * 8);
            if (!taken.Contains($" {AddressOf(first + 1)}/", StringComparison.Ordinal))
                return first;
        }

        throw new InvalidOperationException($"all of {AllAddresses} is taken");
    }

    private static async Task IpAsync(params string[] arguments)
    {
        Tool done = await TryIpAsync(arguments);
        if (done.ExitCode != 0)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {done.Error.Trim()}");
    }

    private static Task<Tool> TryIpAsync(params string[] arguments) => Tool.RunAsync("ip", "iproute2", arguments);
}
