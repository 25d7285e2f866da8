using System.Text.Json.Nodes;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Core.Config;

namespace Headgate.Control.Explain;

/// <summary>Instances know routes and not workspaces: whose a route is, is told here, so that a reader finds it.</summary>
internal static class RouteWorkspaces
{
    /// <summary>What an instance answers about requests, with <c>workspace_id</c> beside each route.</summary>
    public static AdminResponse AddTo(AdminResponse answer, Tenancy tenancy)
    {
        JsonObject body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        if (body["route"] is JsonObject route)
            route["workspace_id"] = WorkspaceOf(route["id"]);
        foreach (JsonNode? request in body["requests"]?.AsArray() ?? [])
            request!["workspace_id"] = WorkspaceOf(request["route"]);
        return AdminResponse.Object(answer.Status, body, static (writer, members) =>
        {
            foreach ((string name, JsonNode? value) in members)
            {
                writer.WritePropertyName(name);
                if (value is null)
                    writer.WriteNullValue();
                else
                    value.WriteTo(writer);
            }
        }, answer.Revision, headers: answer.Headers);

        string? WorkspaceOf(JsonNode? id) => id?.GetValue<string>() is { } text ? tenancy.OwnerOf($"{ResourceKinds.DefaultPrefix}/routes/{text}")?.Workspace ?? WorkspaceConfig.DefaultId : null;
    }
}
