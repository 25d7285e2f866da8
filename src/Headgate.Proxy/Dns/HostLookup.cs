using System.Net;
using System.Net.Sockets;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Dns;

/// <summary>Addresses of hosts: from <c>/etc/hosts</c>, then from name servers. <c>localhost</c> and what ends in it is this machine, whatever name servers say (RFC 6761).</summary>
internal sealed class HostLookup : IHostLookup, IAsyncDisposable
{
    /// <summary>
    /// How long the other family is waited for once one has addresses. Servers that answer A and drop AAAA are common enough to have a paragraph in RFC 8305 (§3), which waits 50 ms
    /// because somebody is waiting; here mostly nobody is.
    /// </summary>
    private static readonly TimeSpan OtherFamilyWait = TimeSpan.FromSeconds(1);

    private static readonly IPAddress[] ThisMachine = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    private readonly DnsResolver _resolver;
    private readonly TimeProvider _time;
    private readonly WatchedFile<IReadOnlyDictionary<string, IPAddress[]>>? _hosts;

    /// <summary>Makes one with a resolver of its own.</summary>
    public HostLookup(DnsResolverOptions options, TimeProvider time, ILogger<DnsResolver> logger)
    {
        _time = time;
        _resolver = new DnsResolver(options, time, logger);
        _hosts = options.HostsPath is null
            ? null
            : new WatchedFile<IReadOnlyDictionary<string, IPAddress[]>>(options.HostsPath, HostsFile.Read, HostsFile.Empty, time, logger);
    }

    /// <summary>
    /// Addresses of both families, asked for at the same time; IPv4 first, each family in order of the numbers, so that a server that shuffles its answers changes nothing.
    /// Addresses of a family that this machine has no route for are left out while others remain: each try at one would fail.
    /// </summary>
    /// <exception cref="DnsException">The name does not exist, is none, or nobody could tell.</exception>
    public async Task<HostAnswer> LookupAsync(string host, CancellationToken cancellationToken)
    {
        string name = DnsName.Normalize(host);
        if (Local(name) is { } local)
            return new HostAnswer(Reachable(local), _resolver.Options.HostsValidFor);

        // A little longer than a question may take: what the last server said is better to know than that it took too long.
        using var timeout = new CancellationTokenSource(_resolver.Options.Timeout + TimeSpan.FromMilliseconds(500), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            bool exists = false;
            foreach (string candidate in _resolver.Candidates(host))
            {
                DnsAnswer answer = await AddressesAsync(candidate, either.Token);
                if (answer.Records.Count > 0)
                    return new HostAnswer(Reachable([.. answer.Records.OfType<AddressRecord>().Select(record => record.Address)]), answer.ValidFor);
                exists |= answer.NameExists;
            }

            return exists ? new HostAnswer([], null) : throw new DnsException($"the name {name} does not exist");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DnsException($"{name}: no answer within {_resolver.Options.Timeout.TotalSeconds:0.###} s");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _resolver.DisposeAsync();

    private IPAddress[]? Local(string name)
    {
        if (_hosts?.Value.GetValueOrDefault(name) is { } written)
            return written;
        return name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal) ? ThisMachine : null;
    }

    private async Task<DnsAnswer> AddressesAsync(string name, CancellationToken cancellationToken)
    {
        Task<DnsOutcome> v4 = _resolver.TryAskAsync(name, DnsType.A, cancellationToken);
        if (!_resolver.Options.UsesIpv6)
            return (await v4).AnswerOrThrow();
        Task<DnsOutcome> v6 = _resolver.TryAskAsync(name, DnsType.Aaaa, cancellationToken);
        Task<DnsOutcome> first = await Task.WhenAny(v4, v6);
        DnsOutcome one = await first;
        Task<DnsOutcome> second = first == v4 ? v6 : v4;

        // "No such name" counts for all types (RFC 2308), but there are servers that say it of AAAA where only A exists (RFC 4074).
        bool decides = one.HasRecords || (first == v4 && one.Answer is { NameExists: false });
        DnsOutcome other = decides ? await WithinAsync(second) : await second;
        return first == v4 ? Join(one, other) : Join(other, one);
    }

    private async Task<DnsOutcome> WithinAsync(Task<DnsOutcome> second)
    {
        try
        {
            return await second.WaitAsync(OtherFamilyWait, _time);
        }
        catch (TimeoutException e)
        {
            return new DnsOutcome(null, new DnsException("the other family was not waited for any longer", e));
        }
    }

    private DnsAnswer Join(DnsOutcome v4, DnsOutcome v6)
    {
        if (v4.HasRecords && v6.HasRecords)
        {
            TimeSpan shorter = v4.Answer!.ValidFor < v6.Answer!.ValidFor ? v4.Answer.ValidFor : v6.Answer.ValidFor;
            return new DnsAnswer([.. v4.Answer.Records, .. v6.Answer.Records], NameExists: true, shorter);
        }

        if (v4.HasRecords || v6.HasRecords)
        {
            DnsAnswer found = (v4.HasRecords ? v4 : v6).Answer!;
            return v4.Error is null && v6.Error is null ? found : Partly(found);
        }

        if (v4.Answer is { NameExists: false } && v6.Answer is null)
            return v4.Answer;
        DnsAnswer none = v6.AnswerOrThrow();
        return none with { NameExists = v4.AnswerOrThrow().NameExists || none.NameExists };
    }

    /// <summary>What is missing is asked for again as soon as anything is.</summary>
    private DnsAnswer Partly(DnsAnswer found) => found.ValidFor <= _resolver.Options.HostsValidFor ? found : found with { ValidFor = _resolver.Options.HostsValidFor };

    private static IPAddress[] Reachable(IPAddress[] addresses)
    {
        IPAddress[] all = [.. addresses.Order(Comparer<IPAddress>.Create(Compare))];
        if (!all.Any(address => address.AddressFamily == AddressFamily.InterNetworkV6))
            return all;
        IPAddress[] reachable = Array.FindAll(all, HasRoute);
        return reachable.Length == 0 ? all : reachable;
    }

    private static int Compare(IPAddress a, IPAddress b) =>
        a.AddressFamily == b.AddressFamily
            ? a.GetAddressBytes().AsSpan().SequenceCompareTo(b.GetAddressBytes())
            : a.AddressFamily == AddressFamily.InterNetwork ? -1 : 1;

    private static bool HasRoute(IPAddress address)
    {
        try
        {
            // Connecting a datagram socket asks the routing table and sends nothing.
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address, 9);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
