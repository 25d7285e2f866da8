using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>
/// An API server of a test, with Endpoints and EndpointSlices: list, watch, create, replace, delete, get, as documented for Kubernetes' API; what is not in it is refused. It has the faults
/// that a test asks for.
/// </summary>
public sealed class KubernetesApiServer : IAsyncDisposable
{
    private static readonly string[] ListParameters =
        ["watch", "allowWatchBookmarks", "resourceVersion", "resourceVersionMatch", "timeoutSeconds", "limit", "continue", "labelSelector", "fieldSelector", "pretty"];

    private readonly LoopbackServer _server;
    private readonly KubernetesWatches _watches;
    private readonly ConcurrentQueue<string> _requests = new();
    private int _lists;

    private KubernetesApiServer(X509Certificate2? certificate)
    {
        _watches = new KubernetesWatches(Objects);
        _server = LoopbackServer.Playing(ServeAsync, certificate, static listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>What is stored.</summary>
    public KubernetesObjects Objects { get; } = new();

    /// <summary>Its watches.</summary>
    public KubernetesWatches Watches => _watches;

    /// <summary>Tokens that are let in; empty = everybody is.</summary>
    public ConcurrentDictionary<string, bool> Tokens { get; } = new();

    /// <summary>Namespaces whose own collections alone may be read; empty = all may.</summary>
    public ConcurrentDictionary<string, bool> OnlyNamespaces { get; } = new();

    /// <summary>What is wrong with the answer to a path with its query.</summary>
    public Func<string, KubernetesFault> Fault { get; set; } = static _ => KubernetesFault.None;

    /// <summary>Told of each path with its query before anything else is done with it.</summary>
    public Action<string> Arriving { get; set; } = static _ => { };

    /// <summary>Paths with their queries, in order of arrival.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>How often a list was begun and not refused.</summary>
    public int Lists => Volatile.Read(ref _lists);

    /// <summary>Port that it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>Begins to listen, with TLS when there is a certificate.</summary>
    public static async Task<KubernetesApiServer> StartAsync(X509Certificate2? certificate = null)
    {
        var server = new KubernetesApiServer(certificate);
        await server._server.StartAsync();
        server.Port = server._server.Address.Port;
        return server;
    }

    /// <summary>Whether a path with its query asks for a watch.</summary>
    public static bool IsWatch(string request) => request.Contains("watch=", StringComparison.Ordinal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _watches.Cut();
        return _server.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        string request = context.Request.Path + context.Request.QueryString.Value;
        _requests.Enqueue(request);
        Arriving(request);
        try
        {
            if (!Tokens.IsEmpty && !(context.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. string token] && Tokens.ContainsKey(token)))
                throw new KubernetesStatusException(401, "Unauthorized", "Unauthorized");
            KubernetesFault fault = Fault(request);
            if (!await FailAsync(context, fault))
                await AnswerAsync(context, fault);
        }
        catch (KubernetesStatusException status)
        {
            await WriteAsync(context, status.Code, status.ToJson());
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private static async Task<bool> FailAsync(HttpContext context, KubernetesFault fault)
    {
        switch (fault)
        {
            case KubernetesFault.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            case KubernetesFault.Error500:
                throw new KubernetesStatusException(500, "InternalError", "etcdserver: leader changed");
            case KubernetesFault.TooMany:
                throw new KubernetesStatusException(429, "TooManyRequests", "too many requests, please try again later");
            case KubernetesFault.Gone:
                throw KubernetesStatusException.Expired("The resourceVersion for the provided watch is too old.");
            case KubernetesFault.NoJson:
                await context.Response.WriteAsync("<html>proxy</html>");
                return true;
            case KubernetesFault.WrongKind:
                await WriteAsync(context, 200, new JsonObject { ["kind"] = "PodList", ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["items"] = new JsonArray() });
                return true;
            case KubernetesFault.NoItems:
                string kind = context.Request.Path.Value!.EndsWith("slices", StringComparison.Ordinal) ? "EndpointSliceList" : "EndpointsList";
                await WriteAsync(context, 200, new JsonObject { ["kind"] = kind, ["metadata"] = new JsonObject { ["resourceVersion"] = "1" } });
                return true;
            default:
                return false;
        }
    }

    private async Task AnswerAsync(HttpContext context, KubernetesFault fault)
    {
        if (KubernetesCollection.Find(context.Request.Path.Value ?? "") is not var (collection, space, name))
            throw new KubernetesStatusException(404, "NotFound", "the server could not find the requested resource");
        if (!OnlyNamespaces.IsEmpty && (space is null || !OnlyNamespaces.ContainsKey(space)))
            throw new KubernetesStatusException(403, "Forbidden", $"{collection.Plural} is forbidden: User \"system:serviceaccount:default:gateway\" cannot list resource \"{collection.Plural}\" at the cluster scope");
        switch (context.Request.Method, space, name)
        {
            case ("GET", _, null):
                await ReadAsync(context, collection, space, fault);
                break;
            case ("GET", not null, not null):
                await WriteAsync(context, 200, Typed(collection, Objects.Get(collection, space, name)));
                break;
            case ("POST", not null, null):
                await WriteAsync(context, 201, Typed(collection, Objects.Create(collection, space, await BodyAsync(context))));
                break;
            case ("PUT", not null, not null):
                await WriteAsync(context, 200, Typed(collection, Objects.Replace(collection, space, name, await BodyAsync(context))));
                break;
            case ("DELETE", not null, not null):
                Objects.Delete(collection, space, name);
                await WriteAsync(context, 200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" });
                break;
            default:
                throw new KubernetesStatusException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        }
    }

    private async Task ReadAsync(HttpContext context, KubernetesCollection collection, string? space, KubernetesFault fault)
    {
        IQueryCollection query = context.Request.Query;
        if (query.Keys.FirstOrDefault(static key => !ListParameters.Contains(key)) is { } unknown)
            throw KubernetesStatusException.BadRequest($"unknown parameter {unknown}");
        var selection = new KubernetesSelection(space, query["fieldSelector"], query["labelSelector"]);
        if (query["watch"].ToString() is "true" or "1")
            await _watches.ServeAsync(context, collection, selection, fault);
        else
            await WriteAsync(context, 200, List(collection, selection, query));
    }

    private JsonObject List(KubernetesCollection collection, KubernetesSelection selection, IQueryCollection query)
    {
        int limit = query["limit"].ToString() is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        (long? version, string after) = (null, "");
        if (query["continue"].ToString() is { Length: > 0 } token)
        {
            if (query["resourceVersion"].ToString() is { Length: > 0 })
                throw KubernetesStatusException.BadRequest("specifying resource version is not allowed when using continue");
            string[] parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split(' ');
            (version, after) = (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
        }

        (long at, KeyValuePair<string, JsonObject>[] all) = Objects.Read(collection, version);
        if (version is null)
            Interlocked.Increment(ref _lists);
        // A page is cut before what is not selected is left out: it may be empty and not the last.
        KeyValuePair<string, JsonObject>[] rest = [.. all.Where(one => string.CompareOrdinal(one.Key, after) > 0)];
        KeyValuePair<string, JsonObject>[] page = limit > 0 && rest.Length > limit ? rest[..limit] : rest;
        var metadata = new JsonObject { ["resourceVersion"] = at.ToString(CultureInfo.InvariantCulture) };
        if (page.Length < rest.Length)
            metadata["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at} {page[^1].Key}")));
        var items = new JsonArray([.. page.Where(one => selection.Has(one.Value)).Select(static one => one.Value.DeepClone())]);
        return new JsonObject { ["kind"] = collection.Kind + "List", ["apiVersion"] = collection.ApiVersion, ["metadata"] = metadata, ["items"] = items };
    }

    /// <summary>An object outside a list says its kind.</summary>
    internal static JsonObject Typed(KubernetesCollection collection, JsonObject one)
    {
        var copy = (JsonObject)one.DeepClone();
        (copy["kind"], copy["apiVersion"]) = (collection.Kind, collection.ApiVersion);
        return copy;
    }

    private static async Task<JsonObject> BodyAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject ?? throw KubernetesStatusException.BadRequest("the body is no object");
        }
        catch (JsonException e)
        {
            throw KubernetesStatusException.BadRequest(e.Message);
        }
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
