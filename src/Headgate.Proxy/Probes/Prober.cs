using System.Net;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Runs one probe: a connection of its own, for http and https one request and the head of its answer. Over .NET's sockets, never on an event loop. Thread-safe.
/// </summary>
internal sealed class Prober(SocketConnector connector, EndpointResolver resolver, HeadLimits limits)
{
    /// <summary>Interim answers (1xx) passed over before the final one.</summary>
    private const int InterimMax = 8;

    /// <summary>Bytes written at a time.</summary>
    private const int PieceBytes = 16_384;

    /// <summary>Never throws for anything that a node or the network does.</summary>
    public async Task<HealthFinding> RunAsync(ProbePlan plan, NodeState node, byte[] request)
    {
        TimeSpan timeout = plan.Checks.Timeout;
        if (node.Endpoints.Count == 0 && !await resolver.ResolveNowAsync(node, timeout))
            return new HealthFinding(AttemptFailure.Unresolved, 0);

        // As a request would: addresses that cannot be connected to are passed over, the node is reachable while one can.
        AttemptFailure failure = AttemptFailure.Unresolved;
        for (int left = node.Endpoints.Count; left > 0 && node.NextEndpoint() is { } endpoint; left--)
        {
            EndpointState target = plan.Checks.Port is { } port ? new EndpointState(node, new IPEndPoint(endpoint.Address.Address, port)) : endpoint;
            (KeptConnection? connection, failure) = await connector.OpenAsync(target, plan.Profile, timeout);
            if (connection is null)
                continue;
            try
            {
                return plan.Checks.Type == HealthCheckType.Tcp ? new HealthFinding(AttemptFailure.None, 0) : await AskAsync(connection, plan.Checks, request);
            }
            finally
            {
                connection.Release();
            }
        }

        return new HealthFinding(failure, 0);
    }

    private async Task<HealthFinding> AskAsync(KeptConnection connection, ActiveCheckConfig checks, byte[] request)
    {
        connection.SetReadDeadline(checks.Timeout);
        for (int sent = 0; sent < request.Length; sent += PieceBytes)
        {
            int count = Math.Min(PieceBytes, request.Length - sent);
            request.AsSpan(sent, count).CopyTo(connection.GetSpan(count));
            connection.Advance(count);
            if (!await connection.FlushAsync())
                return Broken(connection, AttemptFailure.SendFailed, AttemptFailure.SendTimeout);
        }

        var head = new ResponseHead();
        HttpMethod method = checks.Method == "HEAD" ? HttpMethod.Head : HttpMethod.Get;
        for (int interim = 0; interim <= InterimMax;)
        {
            HeadResult result = HeadParser.ParseResponse(connection.Unread, method, head, limits);
            if (result.Status == HeadStatus.Bad)
                break;
            if (result.Status == HeadStatus.Complete)
            {
                if (head.Status >= 200)
                    return new HealthFinding(AttemptFailure.None, head.Status);
                connection.Consume(result.Consumed);
                interim++;
                continue;
            }

            ReadOutcome outcome = await connection.ReadAsync();
            if (outcome == ReadOutcome.End)
                return new HealthFinding(AttemptFailure.ClosedBeforeAnswer, 0);
            if (outcome != ReadOutcome.Data)
                return Broken(connection, AttemptFailure.ClosedBeforeAnswer, AttemptFailure.ReadTimeout);
        }

        return new HealthFinding(AttemptFailure.BadAnswer, 0);
    }

    private static HealthFinding Broken(KeptConnection connection, AttemptFailure broken, AttemptFailure timedOut) =>
        new(connection.EndCause == EndCause.Deadline ? timedOut : broken, 0);
}
