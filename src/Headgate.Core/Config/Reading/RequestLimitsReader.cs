namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>queue</c>, and checks it against the limits it waits for.</summary>
internal static class RequestLimitsReader
{
    /// <summary>Null when there is none, or none that can be used.</summary>
    public static RequestQueueConfig? ReadQueue(ObjectReader upstream)
    {
        if (upstream.Object("queue") is not { } reader)
            return null;

        reader.Require("size");
        int? size = reader.Integer("size", 1);
        TimeSpan timeout = reader.Duration("timeout", aboveZero: true) ?? RequestQueueConfig.DefaultTimeout;
        reader.ForbidOthers();
        return size is { } s ? new RequestQueueConfig(s, timeout) : null;
    }

    /// <summary>A queue without a limit would stay empty for ever.</summary>
    public static void Check(ObjectReader upstream, UpstreamConfig config)
    {
        if (!upstream.Has("queue") || config.LimitsRequests || upstream.Has("max_requests"))
            return;
        Location at = upstream.At.Property("queue");
        upstream.Findings.Add(
            Phase.Check, at, $"{at.Path} has no effect without {upstream.At.Property("max_requests").Path}, here or on a node: requests wait only while every node has as many as it may");
    }
}
