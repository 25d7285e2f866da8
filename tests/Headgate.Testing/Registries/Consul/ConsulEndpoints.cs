using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Testing.Registries.Consul;

/// <summary>The HTTP API of a <see cref="ConsulTestServer"/>.</summary>
internal sealed class ConsulEndpoints(ConsulTestServer server)
{
    private static readonly string[] Reading = ["dc", "index", "wait", "stale", "consistent", "near", "filter", "node-meta"];

    public Task AnswerAsync(HttpContext context)
    {
        // Unescaped here: Kestrel leaves %2F as it is, which Consul does not, and the official client writes keys so.
        string path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        string[] parts = [.. path.Split('/').Select(Uri.UnescapeDataString)];
        string method = context.Request.Method;
        if (server.Fault == ConsulFault.Hangs)
            return Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        if (server.Token is { } token && context.Request.Headers["X-Consul-Token"].ToString() is { Length: > 0 } given && given != token)
            throw new BadHttpRequestException("ACL not found", 403);
        return (method, parts) switch
        {
            ("GET", ["", "v1", "health", "service", var name]) => ReadAsync(context, ["passing", "tag"], state => state.Health(name, IsSet(context, "passing"), [.. context.Request.Query["tag"]!])),
            ("GET", ["", "v1", "health", "state", var status]) => ReadAsync(context, [], state => Filtered(context, state.Checks(status))),
            ("GET", ["", "v1", "catalog", "services"]) => ReadAsync(context, [], static state => state.Services()),
            ("GET", ["", "v1", "kv", .. var key]) => ReadAsync(context, ["recurse", "keys", "separator"], state => Keys(context, state, string.Join('/', key))),
            ("PUT", ["", "v1", "kv", .. var key]) => PutKeyAsync(context, string.Join('/', key)),
            ("DELETE", ["", "v1", "kv", .. var key]) => DeleteKeyAsync(context, string.Join('/', key)),
            ("PUT", ["", "v1", "agent", "service", "register"]) => RegisterAsync(context),
            ("PUT", ["", "v1", "agent", "service", "deregister", var id]) => DoneAsync(context, [], server.State.Deregister(id)),
            ("PUT", ["", "v1", "agent", "service", "maintenance", var id]) => MaintainAsync(context, id),
            ("PUT", ["", "v1", "agent", "check", "pass" or "warn" or "fail", var id]) => DoneAsync(context, ["note"], server.State.TrySetStatus(id, StatusOf(path))),
            _ => throw new BadHttpRequestException($"there is no {method} {path}", path.StartsWith("/v1/", StringComparison.Ordinal) ? 405 : 404),
        };
    }

    private async Task ReadAsync(HttpContext context, string[] arguments, Func<ConsulState, ConsulAnswer> read)
    {
        Allow(context, [.. Reading, .. arguments]);
        string? datacenter = context.Request.Query["dc"];
        ConsulState state = datacenter is null or "dc1" ? server.State
            : server.Datacenters.GetValueOrDefault(datacenter) ?? throw new BadHttpRequestException("No path to datacenter", 500);
        ulong asked = context.Request.Query.ContainsKey("index") ? ulong.Parse(context.Request.Query["index"]!, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        ConsulAnswer answer = read(state);
        if (asked > 0 && answer.Index <= asked)
            answer = await WaitAsync(context, state, asked, read);
        await WriteAsync(context, answer.Index, answer.Body());
    }

    // Until the answer's index is above the one that is known, or the state is another one as a whole, or it has lasted long enough.
    private async Task<ConsulAnswer> WaitAsync(HttpContext context, ConsulState state, ulong known, Func<ConsulState, ConsulAnswer> read)
    {
        using IDisposable counted = server.CountWaiting();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(Wait(context));
        int restores = state.Restores;
        while (true)
        {
            Task change = state.Pulse.Next;
            ConsulAnswer answer = read(state);
            if (answer.Index > known || state.Restores != restores || server.Fault != ConsulFault.None)
                return answer;
            try
            {
                await change.WaitAsync(late.Token);
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                return answer;
            }
        }
    }

    private async Task WriteAsync(HttpContext context, ulong index, JsonNode? body)
    {
        if (server.Fault == ConsulFault.Hangs)
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        if (server.Fault == ConsulFault.NoLeader)
            throw new BadHttpRequestException("No cluster leader", 500);
        if (server.Token is not null && !context.Request.Headers.ContainsKey("X-Consul-Token"))
        {
            context.Response.Headers["X-Consul-Results-Filtered-By-ACLs"] = "true";
            body = body is JsonObject ? new JsonObject() : new JsonArray();
        }

        if (server.Fault != ConsulFault.NoIndex)
            context.Response.Headers["X-Consul-Index"] = (server.Fault == ConsulFault.StuckIndex ? 1 : index).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Consul-KnownLeader"] = "true";
        context.Response.Headers["X-Consul-LastContact"] = "0";
        context.Response.ContentType = "application/json";
        context.Response.StatusCode = body is null ? 404 : 200;
        await context.Response.WriteAsync(server.Fault switch
        {
            ConsulFault.Garbage => "<html>",
            ConsulFault.OtherShape => "\"hello\"",
            _ => body?.ToJsonString() ?? "",
        });
    }

    private async Task RegisterAsync(HttpContext context)
    {
        Allow(context, ["replace-existing-checks"]);
        JsonObject body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        string name = (string?)body["Name"] ?? throw new BadHttpRequestException("Missing service name", 400);
        var service = new ConsulService(name, (string?)body["ID"] ?? name)
        {
            Address = (string?)body["Address"] ?? "",
            Port = (int?)body["Port"] ?? 0,
            Tags = [.. (body["Tags"]?.AsArray() ?? []).Select(static tag => (string)tag!)],
            Meta = body["Meta"]?.AsObject().ToDictionary(static entry => entry.Key, static entry => (string)entry.Value!),
            PassingWeight = (int?)body["Weights"]?["Passing"] ?? 1,
        };
        server.State.Register(service, body["Check"] is { } check ? (string?)check["Status"] ?? "critical" : null);
    }

    private Task MaintainAsync(HttpContext context, string id)
    {
        string check = $"_service_maintenance:{id}";
        bool enable = bool.Parse(context.Request.Query["enable"]!);
        if (enable)
            server.State.SetCheck(check, "critical", id);
        return DoneAsync(context, ["enable", "reason"], enable || server.State.RemoveCheck(check));
    }

    private async Task PutKeyAsync(HttpContext context, string key)
    {
        Allow(context, ["dc", "flags"]);
        using var value = new MemoryStream();
        await context.Request.Body.CopyToAsync(value);
        server.State.Keys.Set(key, value.ToArray());
        server.State.Pulse.Beat();
        await context.Response.WriteAsync("true");
    }

    private async Task DeleteKeyAsync(HttpContext context, string key)
    {
        Allow(context, ["dc", "recurse"]);
        server.State.Keys.Remove(key, IsSet(context, "recurse"));
        server.State.Pulse.Beat();
        await context.Response.WriteAsync("true");
    }

    private static ConsulAnswer Keys(HttpContext context, ConsulState state, string key) =>
        IsSet(context, "keys") ? state.Keys.Names(key, context.Request.Query["separator"].ToString()) : state.Keys.Read(key, IsSet(context, "recurse"));

    private static ConsulAnswer Filtered(HttpContext context, ConsulAnswer all) => context.Request.Query["filter"].ToString() switch
    {
        "" => all,
        "CheckID == \"\"" => all with { Body = static () => new JsonArray() },
        var other => throw new BadHttpRequestException($"the filter {other} is not known here", 400),
    };

    private static Task DoneAsync(HttpContext context, string[] arguments, bool found)
    {
        Allow(context, arguments);
        return found ? Task.CompletedTask : throw new BadHttpRequestException("unknown id", 404);
    }

    private static void Allow(HttpContext context, IReadOnlyCollection<string> arguments)
    {
        if (context.Request.Query.Keys.FirstOrDefault(key => !arguments.Contains(key)) is { } unknown)
            throw new BadHttpRequestException($"{context.Request.Path} has no argument {unknown}", 400);
    }

    private static bool IsSet(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var value) && value != "false" && value != "0";

    private static string StatusOf(string path) => path.Split('/')[4] switch { "pass" => "passing", "warn" => "warning", _ => "critical" };

    // At most ten minutes, five when nothing is said, and up to a sixteenth on top: here all of it, so that a client's own limit is put to the test.
    private static TimeSpan Wait(HttpContext context)
    {
        string text = context.Request.Query["wait"].ToString();
        if (text.Length == 0)
            return TimeSpan.FromMinutes(5);
        string unit = text.TrimStart("0123456789.".ToCharArray());
        double number = double.Parse(text[..^unit.Length], CultureInfo.InvariantCulture);
        TimeSpan wait = unit switch { "ms" => TimeSpan.FromMilliseconds(number), "s" => TimeSpan.FromSeconds(number), "m" => TimeSpan.FromMinutes(number), _ => throw new BadHttpRequestException("Invalid wait time", 400) };
        return (wait > TimeSpan.FromMinutes(10) ? TimeSpan.FromMinutes(10) : wait) * 17 / 16;
    }
}
