using System.Collections.Concurrent;
using Headgate.Core.Routing;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Keeps the beginnings of bodies, as they pass, until the request has ended and its entry is written. Thread-safe; allocates nothing in the long run.</summary>
internal sealed class BodyCopies(LoggedBodies which)
{
    private const int KeptMax = 64;

    private readonly ConcurrentQueue<BodyCopy> _kept = new();
    private readonly RequestCondition? _requestWhen = which.RequestWhen is { } when ? RequestCondition.Compile(when) : null;
    private readonly RequestCondition? _responseWhen = which.ResponseWhen is { } when ? RequestCondition.Compile(when) : null;

    /// <summary>Where the plugin takes part.</summary>
    public PluginPhases Phases => (which.RequestBytesMax > 0 ? PluginPhases.Access : PluginPhases.None) | (which.ResponseBytesMax > 0 ? PluginPhases.ResponseHead : PluginPhases.None);

    /// <summary>Has the request's body copied.</summary>
    public void CopyRequest(PluginContext context, Plugin plugin)
    {
        if (!context.RequestBody.Exists || _requestWhen?.Holds(context.Request) == false)
            return;
        BodyCopy copy = Of(context, plugin);
        copy.Request.Begin(which.RequestBytesMax);
        context.RequestBody.Tap(copy.Request);
    }

    /// <summary>Has the answer's body copied, as plugins before have made it. What a node has encoded (Content-Encoding) is no text and is left out.</summary>
    public void CopyResponse(PluginContext context, Plugin plugin)
    {
        if (context.Request.Method.SequenceEqual("HEAD"u8) || context.Response.Status is 101 or 204 or 304 || context.Response.TryGet("content-encoding"u8, out _) || _responseWhen?.Holds(context.Request) == false)
            return;
        BodyCopy copy = Of(context, plugin);
        copy.Response.Begin(which.ResponseBytesMax);
        context.Body.Add(copy.Response);
    }

    /// <summary>The request has ended: gives what was kept to its trace, until <see cref="Release"/>.</summary>
    public static void Show(PluginContext context, Plugin plugin)
    {
        if (context.Keep(plugin) is BodyCopy copy)
            (context.Trace.RequestBody, context.Trace.ResponseBody) = (copy.Request.Bytes, copy.Response.Bytes);
    }

    /// <summary>The entry is written.</summary>
    public void Release(PluginContext context, Plugin plugin)
    {
        (context.Trace.RequestBody, context.Trace.ResponseBody) = (default, default);
        ref object? kept = ref context.Keep(plugin);
        if (kept is not BodyCopy copy)
            return;
        kept = null;
        if (!copy.TryClear())
            return; // a mistake of ours: the body is still being sent
        if (_kept.Count < KeptMax)
            _kept.Enqueue(copy);
    }

    private BodyCopy Of(PluginContext context, Plugin plugin)
    {
        ref object? kept = ref context.Keep(plugin);
        kept ??= _kept.TryDequeue(out BodyCopy? copy) ? copy : new BodyCopy();
        return (BodyCopy)kept;
    }
}
