using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Outliers;

/// <summary>What the end of a try says about its node.</summary>
internal static class TryVerdicts
{
    /// <summary>The verdict; null for a try that says nothing: the client ended it, or the gateway had no socket for it. <paramref name="status"/> is that of the answer, if there was one.</summary>
    public static TryVerdict? Of(AttemptFailure failure, int status) => failure switch
    {
        AttemptFailure.ClientFailed or AttemptFailure.NoSocket => null,
        AttemptFailure.None when status < 500 => TryVerdict.Success,
        AttemptFailure.None when status is not (502 or 503 or 504) => TryVerdict.Error,
        _ => TryVerdict.GatewayFailure,
    };
}
