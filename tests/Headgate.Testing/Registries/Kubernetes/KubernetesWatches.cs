using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>The watches of an API server of a test. Thread-safe.</summary>
public sealed class KubernetesWatches(KubernetesObjects objects)
{
    private TaskCompletionSource<bool> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opened;
    private int _open;
    private int _bookmarks;
    private int _sent;

    /// <summary>How often a watch of who asks for them gets a bookmark; a minute at first.</summary>
    public TimeSpan BookmarkInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Watches that were answered with 200.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>Those of them that are still there.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Bookmarks sent.</summary>
    public int Bookmarks => Volatile.Read(ref _bookmarks);

    /// <summary>Lines sent that are no bookmarks.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>From now on the watches that are open bring nothing more, and do not end.</summary>
    public void Silence() => EndAll(silently: true);

    /// <summary>Breaks the connections of all open watches.</summary>
    public void Cut() => EndAll(silently: false);

    internal async Task ServeAsync(HttpContext context, KubernetesCollection collection, KubernetesSelection selection, KubernetesFault fault)
    {
        IQueryCollection query = context.Request.Query;
        if (query["limit"].ToString().Length > 0 || query["continue"].ToString().Length > 0)
            throw KubernetesStatusException.BadRequest("limit and continue are not supported for a watch");
        string from = query["resourceVersion"].ToString();
        long version = from is "" or "0" ? 0 : long.Parse(from, CultureInfo.InvariantCulture);
        int seconds = query["timeoutSeconds"].ToString() is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1800;
        if (version > 0)
            objects.After(collection, version); // too old: 410 in the head
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        Task<bool> ended = Volatile.Read(ref _end).Task;
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _opened);
        try
        {
            if (!await FailAsync(context, fault))
                await RunAsync(context, new KubernetesWatchTerms(collection, selection, query["allowWatchBookmarks"].ToString() is "true" or "1", TimeSpan.FromSeconds(seconds), ended), version);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task RunAsync(HttpContext context, KubernetesWatchTerms terms, long version)
    {
        Task over = Task.Delay(terms.Length, context.RequestAborted);
        try
        {
            if (version == 0)
                version = await BeginAsync(context, terms);
            while (!over.IsCompleted)
            {
                if (terms.Ended.IsCompleted)
                {
                    await Task.Delay(await terms.Ended ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, context.RequestAborted);
                    context.Abort();
                    return;
                }

                (KubernetesChange[] changes, long now, Task more) = objects.After(terms.Collection, version);
                foreach (KubernetesChange change in changes)
                {
                    if (change.Seen(terms.Selection) is not var (type, one))
                        continue;
                    await WriteAsync(context, type, KubernetesApiServer.Typed(terms.Collection, one));
                    Interlocked.Increment(ref _sent);
                }

                version = now;
                Task bookmark = terms.HasBookmarks ? Task.Delay(BookmarkInterval, context.RequestAborted) : over;
                Task first = await Task.WhenAny(more, bookmark, over, terms.Ended);
                if (first == bookmark && first != over)
                    await BookmarkAsync(context, terms.Collection, version);
            }
        }
        catch (KubernetesStatusException status)
        {
            await WriteAsync(context, "ERROR", status.ToJson());
        }
    }

    // Without a version, or from 0: what is there comes first.
    private async Task<long> BeginAsync(HttpContext context, KubernetesWatchTerms terms)
    {
        (long version, KeyValuePair<string, JsonObject>[] all) = objects.Read(terms.Collection, null);
        foreach ((_, JsonObject one) in all.Where(one => terms.Selection.Has(one.Value)))
            await WriteAsync(context, "ADDED", KubernetesApiServer.Typed(terms.Collection, one));
        return version;
    }

    private Task BookmarkAsync(HttpContext context, KubernetesCollection collection, long version)
    {
        Interlocked.Increment(ref _bookmarks);
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        return WriteAsync(context, "BOOKMARK", KubernetesApiServer.Typed(collection, new JsonObject { ["metadata"] = metadata }));
    }

    private void EndAll(bool silently) => Interlocked.Exchange(ref _end, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult(silently);

    private static async Task<bool> FailAsync(HttpContext context, KubernetesFault fault)
    {
        switch (fault)
        {
            case KubernetesFault.GoneEvent:
                await WriteAsync(context, "ERROR", KubernetesStatusException.Expired("too old resource version").ToJson());
                return true;
            case KubernetesFault.ErrorEvent:
                await WriteAsync(context, "ERROR", new KubernetesStatusException(500, "InternalError", "etcd event received with PrevKv=nil").ToJson());
                return true;
            case KubernetesFault.NoJsonLine:
                await context.Response.WriteAsync("{\"type\":\n", context.RequestAborted);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            case KubernetesFault.EndlessLine:
                string piece = new('a', 64 * 1024);
                while (true)
                    await context.Response.WriteAsync(piece, context.RequestAborted);
            case KubernetesFault.EndAtOnce:
                return true;
            default:
                return false;
        }
    }

    private static async Task WriteAsync(HttpContext context, string type, JsonObject one)
    {
        await context.Response.WriteAsync(new JsonObject { ["type"] = type, ["object"] = one }.ToJsonString() + "\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
