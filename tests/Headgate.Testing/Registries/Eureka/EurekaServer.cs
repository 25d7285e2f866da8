using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Headgate.Testing.Registries.Eureka;

/// <summary>
/// Eureka's REST operations (https://github.com/Netflix/eureka/wiki/Eureka-REST-operations) in JSON, below <c>/eureka/v2/</c> as Netflix has them and below <c>/eureka/</c> as Spring does: applications
/// register, renew, are taken out; clients read all, or what has changed, with the hash code that shows whether their copy is right. It refuses what is not in them.
/// </summary>
public sealed class EurekaServer : HttpRegistryServer
{
    private static readonly string[] Statuses = ["UP", "DOWN", "STARTING", "OUT_OF_SERVICE", "UNKNOWN"];

    private readonly Lock _gate = new();
    private readonly List<JsonObject> _changes = [];
    private ImmutableSortedDictionary<string, JsonObject> _instances = ImmutableSortedDictionary.Create<string, JsonObject>(StringComparer.Ordinal);
    private int _version;

    /// <summary>Makes it; it is to be started.</summary>
    public EurekaServer(X509Certificate2? certificate = null)
        : base(certificate)
    {
    }

    /// <summary>The one user, <c>NAME:PASSWORD</c>; null = anybody may ask.</summary>
    public string? User { get; set; }

    /// <summary>Whether it has no deltas: they are answered 403.</summary>
    public bool HasNoDelta { get; set; }

    /// <summary>Whether changes are left out of deltas.</summary>
    public bool LosesChanges { get; set; }

    /// <summary>Whether a list of one is written as that one.</summary>
    public bool WritesBare { get; set; }

    /// <summary>A hash code of another making; null = Eureka's.</summary>
    public string? OtherHashCode { get; set; }

    /// <summary>Whether the server has been asked for all, how often.</summary>
    public int WholeReads => Asked.Count(static one => one.EndsWith("/apps", StringComparison.Ordinal) || one.EndsWith("/apps/", StringComparison.Ordinal));

    /// <summary>How often it has been asked for what has changed.</summary>
    public int DeltaReads => CountOf("/apps/delta");

    /// <summary>Registers an instance, or takes it for the one that has its id. <paramref name="more"/> are members, as JSON without the braces.</summary>
    public void Put(string app, string ip, int port, string status = "UP", string more = "")
    {
        JsonObject instance = JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $$"""
            {"instanceId":"{{ip}}:{{port}}","hostName":"{{ip}}","ipAddr":"{{ip}}","status":"{{status}}","overriddenStatus":"UNKNOWN",
            "port":{"$":{{port}},"@enabled":"true"},"securePort":{"$":443,"@enabled":"false"},"metadata":{"@class":"java.util.Collections$EmptyMap"} }
            """))!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse("{" + more + "}")!.AsObject())
            instance[name] = value?.DeepClone();
        Put(app, instance);
    }

    /// <summary>Changes an instance's status.</summary>
    public void SetStatus(string app, string id, string status) => Change(app, id, one => (one["status"], one["overriddenStatus"]) = (status, status));

    /// <summary>Takes an instance out.</summary>
    public bool Remove(string app, string id)
    {
        lock (_gate)
        {
            if (!_instances.TryGetValue(Key(app, id), out JsonObject? known))
                return false;
            _instances = _instances.Remove(Key(app, id));
            Note(known, "DELETED");
            return true;
        }
    }

    /// <inheritdoc/>
    protected override Task AnswerAsync(HttpContext context)
    {
        if (User is { } user && context.Request.Headers.Authorization != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user))}")
            return RefuseAsync(context, 401, "who are you?");
        string path = context.Request.Path.Value ?? "";
        string prefix = path.StartsWith("/eureka/v2/", StringComparison.Ordinal) ? "/eureka/v2/" : "/eureka/";
        if (!path.StartsWith(prefix + "apps", StringComparison.Ordinal))
            return RefuseAsync(context, 404, $"there is no {path}");
        string[] parts = path[(prefix.Length + 4)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool readsJson = context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal);
        return (context.Request.Method, parts) switch
        {
            ("GET", _) when !readsJson => RefuseAsync(context, 406, "it would be XML"),
            ("GET", []) => JsonAsync(context, Write(_instances.Values)),
            ("GET", ["delta"]) when HasNoDelta => RefuseAsync(context, 403, "no deltas"),
            ("GET", ["delta"]) => JsonAsync(context, WriteDelta()),
            ("POST", [var app]) => RegisterAsync(context, app),
            ("PUT", [var app, var id]) => RefuseAsync(context, _instances.ContainsKey(Key(app, id)) ? 200 : 404, ""),
            ("PUT", [var app, var id, "status"]) => StatusAsync(context, app, id),
            ("DELETE", [var app, var id]) => RefuseAsync(context, Remove(app, id) ? 200 : 404, ""),
            _ => RefuseAsync(context, 405, $"{context.Request.Method} {path}"),
        };
    }

    private async Task RegisterAsync(HttpContext context, string app)
    {
        JsonNode? body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        if (body?["instance"] is not JsonObject instance || instance["ipAddr"] is null || instance["hostName"] is null || !Statuses.Contains((string?)instance["status"])
            || (instance["app"]?.ToString()).AsSpan().CompareTo(app, StringComparison.OrdinalIgnoreCase) != 0 || instance["dataCenterInfo"]?["name"] is null)
        {
            await RefuseAsync(context, 400, "Missing or wrong in instance: hostName, ipAddr, status, app, dataCenterInfo.name");
            return;
        }

        Put(app, instance.DeepClone().AsObject());
        context.Response.StatusCode = 204;
    }

    private Task StatusAsync(HttpContext context, string app, string id)
    {
        string status = context.Request.Query["value"].ToString();
        if (!Statuses.Contains(status) || !_instances.ContainsKey(Key(app, id)))
            return RefuseAsync(context, 404, "");
        SetStatus(app, id, status);
        return RefuseAsync(context, 200, "");
    }

    private static string Key(string app, string id) => $"{app.ToUpperInvariant()}/{id}";

    private static string Id(JsonObject instance) => (instance["instanceId"] ?? instance["hostName"])!.ToString();

    private void Put(string app, JsonObject instance)
    {
        instance["app"] = app.ToUpperInvariant();
        lock (_gate)
        {
            _instances = _instances.SetItem(Key(app, Id(instance)), instance);
            Note(instance, "ADDED");
        }
    }

    private void Change(string app, string id, Action<JsonObject> change)
    {
        lock (_gate)
        {
            JsonObject changed = _instances[Key(app, id)].DeepClone().AsObject();
            change(changed);
            _instances = _instances.SetItem(Key(app, id), changed);
            Note(changed, "MODIFIED");
        }
    }

    private void Note(JsonObject instance, string action)
    {
        if (LosesChanges)
            return;
        JsonObject change = instance.DeepClone().AsObject();
        change["actionType"] = action;
        _changes.Add(change);
    }

    private string WriteDelta()
    {
        lock (_gate)
            return Write([.. _changes]);
    }

    private string Write(IEnumerable<JsonObject> instances)
    {
        var applications = new List<JsonNode>();
        foreach (IGrouping<string, JsonObject> app in instances.GroupBy(one => one["app"]!.ToString()))
            applications.Add(new JsonObject { ["name"] = app.Key, ["instance"] = List([.. app.Select(one => one.DeepClone())]) });
        string[] counts = [.. _instances.Values.GroupBy(one => one["status"]!.ToString()).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}_{one.Count()}_")];
        var answer = new JsonObject { ["versions__delta"] = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture), ["apps__hashcode"] = OtherHashCode ?? string.Concat(counts) };
        if (applications.Count > 0)
            answer["application"] = List(applications);
        return new JsonObject { ["applications"] = answer }.ToJsonString();
    }

    private JsonNode List(List<JsonNode> items) => WritesBare && items.Count == 1 ? items[0] : new JsonArray([.. items]);
}
