using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Probes;

/// <summary>How a probe or a try at a node came out; a value, so that only a change of health costs a text.</summary>
/// <param name="Failure">How it failed.</param>
/// <param name="Status">Status of the answer; 0 = there was none, or it was not asked for.</param>
/// <param name="Grpc">What a gRPC health service said with status 200; null when none was asked, or it said nothing.</param>
internal readonly record struct HealthFinding(AttemptFailure Failure, int Status, GrpcAnswer? Grpc = null)
{
    /// <summary>What it says about the node when a request found it. As APISIX, where the node's end of a try is a timeout or a failed connection.</summary>
    public HealthEvent Judge(PassiveCheckConfig checks) => Failure switch
    {
        AttemptFailure.None when checks.Type == HealthCheckType.Tcp => HealthEvent.None,
        AttemptFailure.None => Judge(checks.HealthyStatuses, checks.UnhealthyStatuses),
        AttemptFailure.ClientFailed or AttemptFailure.NoSocket => HealthEvent.None,
        AttemptFailure.ConnectTimeout or AttemptFailure.SendTimeout or AttemptFailure.ReadTimeout => HealthEvent.Timeout,
        _ => HealthEvent.TcpFailure,
    };

    /// <summary>What it says about the node when a probe found it.</summary>
    public HealthEvent Judge(ActiveCheckConfig checks) => Failure switch
    {
        AttemptFailure.None when checks.Type == HealthCheckType.Tcp => HealthEvent.Success,
        AttemptFailure.None when checks.Type == HealthCheckType.Grpc => Grpc is { IsServing: true } ? HealthEvent.Success : HealthEvent.HttpFailure,
        AttemptFailure.None => Judge(checks.HealthyStatuses, checks.UnhealthyStatuses),
        AttemptFailure.NoSocket => HealthEvent.None,
        AttemptFailure.BadAnswer => HealthEvent.HttpFailure,
        AttemptFailure.ConnectTimeout or AttemptFailure.SendTimeout or AttemptFailure.ReadTimeout => HealthEvent.Timeout,
        _ => HealthEvent.TcpFailure,
    };

    /// <summary>For people.</summary>
    public override string ToString() => Failure switch
    {
        AttemptFailure.None when Grpc is { } grpc => grpc.ToString(),
        AttemptFailure.None => Status == 0 ? "the connection was accepted" : $"the answer was {Status}",
        AttemptFailure.Unresolved => "the host name resolves to nothing",
        AttemptFailure.Refused => "the connection was refused",
        AttemptFailure.Unreachable => "the node cannot be reached",
        AttemptFailure.NoSocket => "the gateway had no socket for it",
        AttemptFailure.ConnectTimeout => "no connection in time",
        AttemptFailure.TlsFailed => "the TLS handshake failed",
        AttemptFailure.SendFailed => "the connection broke while sending",
        AttemptFailure.SendTimeout => "the request was not taken in time",
        AttemptFailure.ClosedBeforeAnswer => "the connection ended before an answer",
        AttemptFailure.ReadTimeout => "no answer in time",
        AttemptFailure.BadAnswer => "the answer is not HTTP",
        _ => "the answer broke off",
    };

    private HealthEvent Judge(StatusSet healthy, StatusSet unhealthy) =>
        healthy.Contains(Status) ? HealthEvent.Success : unhealthy.Contains(Status) ? HealthEvent.HttpFailure : HealthEvent.None;
}
