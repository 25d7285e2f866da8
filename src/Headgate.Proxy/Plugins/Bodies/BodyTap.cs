namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>
/// Sees the bytes of a request's body on their way to the node (<see cref="RequestBody.Tap"/>), each once, however often they are sent. One for each request, called by one flow at a
/// time, which need not be the flow that answers. Nothing blocks. An exception is a mistake (event 1600): the tap is called no more, and the request goes on.
/// </summary>
public abstract class BodyTap
{
    /// <summary>The next one of the same request.</summary>
    internal BodyTap? Next { get; set; }

    /// <summary>The plugin that it belongs to; null once it has failed.</summary>
    internal RunningPlugin? Owner { get; set; }

    /// <summary>A run of the body, never empty; what is kept is copied.</summary>
    public abstract void OnRun(ReadOnlySpan<byte> run);

    /// <summary>
    /// No run follows; exactly once. <paramref name="isWhole"/>: they were the whole body, which is known when its last byte has come, long before the answer. If not, the client or the
    /// last node has stopped before its end, and the request is over.
    /// </summary>
    public abstract void OnEnd(bool isWhole);
}
