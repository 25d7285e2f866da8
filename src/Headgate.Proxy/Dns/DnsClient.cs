using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Dns;

/// <summary>Asks name servers, one after the other until one can tell. Thread-safe.</summary>
internal sealed class DnsClient(TimeProvider time, ILogger logger)
{
    // What is known about a server outlives a change of the list it stands in.
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, DnsServer> _servers = [];
    private int _turn;

    /// <summary>
    /// The first answer: records, or that there are none. A server that is silent, out of reach, answers with an error, malformed or with a referral is passed over; silent ones are
    /// asked again for as long as there are attempts and <paramref name="bound"/> is not over.
    /// </summary>
    /// <exception cref="DnsException">No server could tell; names each with what it said.</exception>
    public async Task<DnsReply> AskAsync(DnsQuestion question, NameServers among, TimeSpan bound, CancellationToken cancellationToken)
    {
        long begin = time.GetTimestamp();
        DnsServer[] servers = InOrder(among);
        TimeSpan each = Each(among, bound);
        var problems = new Dictionary<IPEndPoint, string>();
        bool anyReply = false;
        for (int attempt = 0; attempt < among.Attempts && servers.Length > 0; attempt++)
        {
            var silent = new List<DnsServer>();
            foreach (DnsServer server in servers)
            {
                TimeSpan left = bound - time.GetElapsedTime(begin);
                if (left <= TimeSpan.Zero)
                    break;
                (DnsReply? reply, string problem, bool isSilent) = await TryAsync(server, question, left < each ? left : each, cancellationToken);
                if (reply is { Code: DnsCode.NoError, IsReferral: false } or { Code: DnsCode.NoSuchName })
                    return reply;
                anyReply |= reply is not null;
                problems[server.Address] = reply is null ? problem : $"name server {server.Address}: {(reply.IsReferral ? "a referral to others" : reply.Code)}";
                if (isSilent)
                    silent.Add(server);
            }

            servers = [.. silent];
        }

        throw new DnsException($"{question}: {string.Join("; ", problems.Values)}") { IsOfNameOnly = anyReply };
    }

    /// <summary>Returns when one of the servers has answered a question that every one has an answer to, whatever it says.</summary>
    /// <exception cref="DnsException">None did; names each with the reason.</exception>
    public async Task TestAsync(NameServers among, TimeSpan bound, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (DnsServer server in InOrder(among))
        {
            (DnsReply? reply, string problem, _) = await TryAsync(server, new DnsQuestion("localhost", DnsType.A), Each(among, bound), cancellationToken);
            if (reply is not null)
                return;
            problems.Add(problem);
        }

        throw new DnsException(string.Join("; ", problems));
    }

    /// <summary>Every server has its turn within the bound, and a single one a second try: one that is silent must not use up the time of the others.</summary>
    private static TimeSpan Each(NameServers among, TimeSpan bound)
    {
        TimeSpan fair = bound / Math.Max(2, among.Servers.Count);
        return among.Timeout < fair ? among.Timeout : fair;
    }

    private async Task<(DnsReply? Reply, string Problem, bool Silent)> TryAsync(DnsServer server, DnsQuestion question, TimeSpan bound, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string problem;
        try
        {
            DnsReply reply = await server.AskAsync(question, either.Token);
            if (server.MarkAnswering())
                DnsLog.ServerAnswersAgain(logger, server.Address);
            return (reply, "", false);
        }
        catch (DnsException e)
        {
            return (null, e.Message, false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            problem = $"no answer within {bound.TotalSeconds:0.###} s";
        }
        catch (SocketException e)
        {
            problem = e.Message;
        }

        if (server.MarkSilent())
            DnsLog.ServerSilent(logger, server.Address, problem);
        return (null, $"name server {server.Address}: {problem}", true);
    }

    /// <summary>Those first that answered the last time.</summary>
    private DnsServer[] InOrder(NameServers among)
    {
        int count = among.Servers.Count;
        int first = among.Rotates ? (int)((uint)Interlocked.Increment(ref _turn) % (uint)count) : 0;
        var servers = new DnsServer[count];
        lock (_lock)
        {
            for (int i = 0; i < count; i++)
                servers[i] = Server_NeedsLock(among.Servers[(first + i) % count]);
        }

        return [.. servers.Where(server => !server.IsShunned), .. servers.Where(server => server.IsShunned)];
    }

    private DnsServer Server_NeedsLock(IPEndPoint address)
    {
        if (!_servers.TryGetValue(address, out DnsServer? server))
            _servers.Add(address, server = new DnsServer(address, time));
        return server;
    }
}
