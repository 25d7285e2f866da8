using Headgate.Core.Config;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Upstream;

/// <summary>When a request may be sent once more. Source: APISIX (nginx's <c>proxy_next_upstream error timeout</c>), Envoy's <c>retry_on</c>, RFC 9110 §9.2.2.</summary>
public static class RetryRules
{
    /// <summary>Whether another node may be tried after <paramref name="failure"/>: it is one that <paramref name="config"/> names, and trying again is safe.</summary>
    public static bool MayRetry(Exchange exchange, AttemptFailure failure, RetryConfig config) => failure switch
    {
        _ when IsBeforeConnection(failure) || failure == AttemptFailure.Unresolved => config.On.HasFlag(RetryConditions.ConnectFailure),
        AttemptFailure.SendFailed or AttemptFailure.ClosedBeforeAnswer or AttemptFailure.BadAnswer =>
            config.On.HasFlag(RetryConditions.Reset) && MayRepeat(exchange, config),
        AttemptFailure.SendTimeout or AttemptFailure.ReadTimeout => config.On.HasFlag(RetryConditions.Timeout) && MayRepeat(exchange, config),
        _ => false,
    };

    /// <summary>Whether there was no connection, so that nothing was sent: another one is safe for every method.</summary>
    public static bool IsBeforeConnection(AttemptFailure failure) =>
        failure is AttemptFailure.Refused or AttemptFailure.Unreachable or AttemptFailure.NoSocket or AttemptFailure.ConnectTimeout or AttemptFailure.TlsFailed;

    /// <summary>Whether no node has had any work with the try: another one adds no load, and no budget limits it. A TLS handshake is work.</summary>
    public static bool IsWithoutWork(AttemptFailure failure) =>
        failure is AttemptFailure.Unresolved or AttemptFailure.Refused or AttemptFailure.Unreachable or AttemptFailure.NoSocket or AttemptFailure.ConnectTimeout;

    /// <summary>
    /// Whether a request that may have reached a node can be sent again: its method allows it, all of its body that was sent is still here, and nobody is reading the
    /// body any more.
    /// </summary>
    public static bool MayRepeat(Exchange exchange, RetryConfig config) =>
        IsRepeatable(exchange.ForwardedMethodKind, config) && exchange.Replay.IsWhole
        && exchange.Upload.State is not (UploadState.Running or UploadState.ClientFailed);

    /// <summary>Whether requests with that method may be sent twice.</summary>
    public static bool IsRepeatable(HttpMethod method, RetryConfig config) => config.NonIdempotent || IsIdempotent(method);

    /// <summary>POST, PATCH and methods unknown to us (LOCK among them) are not repeated.</summary>
    private static bool IsIdempotent(HttpMethod method) => method is not (HttpMethod.Post or HttpMethod.Patch or HttpMethod.Other);
}
