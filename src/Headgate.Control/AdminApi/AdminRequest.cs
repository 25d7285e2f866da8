using System.Text.Json;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Headgate.Control.AdminApi;

/// <summary>A request that may be carried out: authenticated, its body read and known to be JSON.</summary>
internal sealed class AdminRequest(HttpContext context, string[] segments, Caller caller, GroupAddress address, JsonElement? body, string? done = null)
{
    public string Method { get; } = context.Request.Method;

    /// <summary>Decoded parts of the path below that of the API (<c>/apisix/admin</c>), without a trailing empty one.</summary>
    public string[] Segments { get; } = segments;

    /// <summary>The gateway group and workspace that it names, or the caller's. A path below <c>/api/gateway_groups</c> has its own group.</summary>
    public GroupAddress Address { get; } = address;

    /// <summary>Id of the workspace that it is about.</summary>
    public string Workspace => Address.Workspace;

    /// <summary>Who makes it.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>Null when the request had no body, or the body was <c>null</c> and nothing but JSON's null.</summary>
    public JsonElement? Body { get; } = body;

    public IQueryCollection Query => context.Request.Query;

    public string ContentType => context.Request.ContentType ?? "application/json";

    /// <summary>A header of the request; empty when it is not there.</summary>
    public StringValues Header(string name) => context.Request.Headers[name];

    public StringValues IfMatch => context.Request.Headers.IfMatch;

    public StringValues IfNoneMatch => context.Request.Headers.IfNoneMatch;

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary><c>?force=true</c>: delete although it is in use.</summary>
    public bool Force => Query["force"] == "true";

    /// <summary>Media types that the client takes; empty when it does not say.</summary>
    public string Accept => context.Request.Headers.Accept.ToString();

    /// <summary><c>?dry-run=true</c>: say what the write would do, and do nothing.</summary>
    public bool IsDryRun => Objects.DryRun.IsAsked(Query);

    /// <summary>Scheme, host and port under which the client reached this process: <c>https://cp-1:9180</c>.</summary>
    public string BaseAddress => $"{context.Request.Scheme}://{(context.Request.Host.HasValue ? context.Request.Host.Value : new System.Net.IPEndPoint(context.Connection.LocalIpAddress ?? System.Net.IPAddress.Loopback, context.Connection.LocalPort))}";

    /// <summary>Who, from where, why. The query stays out of it: it may carry the key.</summary>
    public Origin Origin => new(Caller.Name, Caller.Address, WriteMessage.Why($"{Method} {context.Request.Path.Value}{(Force ? "?force=true" : "")}", done, WriteMessage.Of(context.Request)));

    /// <summary>The same for an instance: what names the gateway group, the workspace and the instance has done its part, and a group in the path is the instance's own.</summary>
    public InstanceQuestion ToQuestion()
    {
        string[] path = Segments is ["gateway_groups", _, ..] ? ["gateway_groups", GatewayGroupConfig.DefaultId, .. Segments[2..]] : Segments;
        IEnumerable<KeyValuePair<string, StringValues>> kept = Query.Where(static argument => argument.Key is not ("gateway_group_id" or "workspace_id" or InstanceAsking.Argument));
        return new InstanceQuestion(Method, string.Join('/', path.Select(Uri.EscapeDataString)) + QueryString.Create(kept), Body);
    }

    /// <summary>A request that a control plane has judged and passes on to an instance of the default group's shape: below <c>/api</c>, by somebody whom only the control plane knows.</summary>
    public static AdminRequest FromControlPlane(InstanceQuestion question, CancellationToken cancellationToken)
    {
        string[] parts = question.Path.Split('?', 2);
        var context = new DefaultHttpContext { RequestAborted = cancellationToken };
        context.Request.Method = question.Method;
        context.Request.Path = "/api/" + parts[0];
        context.Request.QueryString = parts.Length == 2 ? new QueryString("?" + parts[1]) : QueryString.Empty;
        return new AdminRequest(context, [.. parts[0].Split('/').Select(Uri.UnescapeDataString)], Caller.Nobody("control plane"), GroupAddress.Default, question.Body);
    }

    /// <summary>The same request with another body.</summary>
    public AdminRequest WithBody(JsonElement replaced) => new(context, Segments, Caller, Address, replaced, done);

    /// <summary>The same request, of which the history says what it did: <c>restored from revision 7</c>.</summary>
    public AdminRequest Doing(string what) => new(context, Segments, Caller, Address, Body, what);

    /// <summary>The segment at <paramref name="index"/>; null when the path is shorter.</summary>
    public string? Segment(int index) => index < Segments.Length ? Segments[index] : null;
}
