using System.Diagnostics;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// What a try teaches about the latency of its node (<see cref="NodeState.Latency"/> for the policy, <see cref="OutlierState.Latencies"/> for outlier detection): the time from the request to the head of its answer. Connecting is not in it
/// (kept connections save that), nor is the client's time to send a body. Allocates nothing.
/// </summary>
internal static class NodeLatency
{
    /// <summary>The clock of the estimates, in milliseconds: the same on every thread, which the event loops' own clocks are not. Steps of a few milliseconds.</summary>
    public static long NowMs => Environment.TickCount64;

    /// <summary>
    /// The final head of an answer is here: how long the node took. <paramref name="begun"/>: when the request was about to be sent, as <see cref="Stopwatch.GetTimestamp"/>. Null when it
    /// has answered before it had the body: the time would be the client's.
    /// </summary>
    public static TimeSpan? AnswerTime(BodyUpload upload, long begun) => upload.State switch
    {
        UploadState.None => Stopwatch.GetElapsedTime(begun),
        UploadState.Sent => Stopwatch.GetElapsedTime(Math.Max(begun, upload.SentAt)),
        _ => null,
    };

    /// <summary>The final head of an answer is here.</summary>
    public static void LearnAnswer(UpstreamSnapshot upstream, NodeConnection connection, TimeSpan elapsed)
    {
        NodeState node = connection.Endpoint.Node;
        bool failed = connection.Response.Status >= 500;
        if (failed)
            node.Latency.ObserveError(elapsed.TotalMilliseconds, NowMs);
        else
            node.Latency.Observe(elapsed.TotalMilliseconds, NowMs);
        if (!failed && upstream.Config.OutlierDetection?.Latency is not null)
            node.Outlier.Latencies.Add(elapsed); // errors are counted as failures; fast ones must not make a node look fast
    }

    /// <summary>
    /// A try was cancelled that was asked at <paramref name="askedAt"/>, as <see cref="Stopwatch.GetTimestamp"/>: it would have taken so long at least. Without that a node whose slow
    /// answers are all overtaken would be known by its fast ones.
    /// </summary>
    public static void LearnAtLeast(UpstreamSnapshot upstream, NodeState node, long askedAt)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(askedAt);
        long nowMs = NowMs;
        if (!(node.Latency.TryGetMs(nowMs, out float knownMs) && knownMs >= elapsed.TotalMilliseconds))
            node.Latency.Observe(elapsed.TotalMilliseconds, nowMs); // never makes the estimate better
        if (upstream.Config.OutlierDetection?.Latency is not null)
            node.Outlier.Latencies.Add(elapsed);
    }

    /// <summary>For policies that look at latencies: a try has failed that was begun at <paramref name="begunMs"/> of <see cref="NowMs"/>. The client's failures and the gateway's own say nothing about the node.</summary>
    public static void LearnFailure(NodeState node, AttemptFailure failure, long begunMs)
    {
        if (failure is AttemptFailure.ClientFailed or AttemptFailure.NoSocket)
            return;
        long nowMs = NowMs;
        node.Latency.ObserveFailure(nowMs - begunMs, nowMs);
    }
}
