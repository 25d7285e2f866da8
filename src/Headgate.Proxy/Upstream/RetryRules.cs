using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Upstream;

/// <summary>When a request may be sent once more. Source: APISIX (nginx's <c>proxy_next_upstream error timeout</c>), RFC 9110 §9.2.2.</summary>
public static class RetryRules
{
    /// <summary>Whether another node may be tried after <paramref name="failure"/>, tries and time permitting.</summary>
    public static bool MayRetry(Exchange exchange, AttemptFailure failure) => failure switch
    {
        _ when IsBeforeConnection(failure) || failure == AttemptFailure.Unresolved => true,
        AttemptFailure.SendFailed or AttemptFailure.SendTimeout or AttemptFailure.ClosedBeforeAnswer or AttemptFailure.ReadTimeout or AttemptFailure.BadAnswer =>
            MayRepeat(exchange),
        _ => false,
    };

    /// <summary>Whether there was no connection, so that nothing was sent: another one is safe for every method.</summary>
    public static bool IsBeforeConnection(AttemptFailure failure) =>
        failure is AttemptFailure.Refused or AttemptFailure.Unreachable or AttemptFailure.ConnectTimeout or AttemptFailure.TlsFailed;

    /// <summary>
    /// Whether a request that may have reached a node can be sent again: its method is idempotent, all of its body that was sent is still
    /// here, and nobody is reading the body any more.
    /// </summary>
    public static bool MayRepeat(Exchange exchange) =>
        IsIdempotent(exchange.Request.MethodKind) && exchange.Replay.IsWhole && exchange.Upload.State is not (UploadState.Running or UploadState.ClientFailed);

    /// <summary>POST, PATCH and methods unknown to us (LOCK among them) are not repeated.</summary>
    public static bool IsIdempotent(HttpMethod method) => method is not (HttpMethod.Post or HttpMethod.Patch or HttpMethod.Other);
}
