using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.ObjectsApi;

/// <summary>
/// <c>/api/upstreams</c>, <c>/api/routes</c>, ...: the objects as API7 shapes them. As the Admin API, but that secrets are shown as <see cref="SecretFields.Redacted"/>, which sent back
/// stands for the stored one; that every route selects an upstream or a service, and every service has an upstream; and that nothing in use is deleted by force.
/// </summary>
internal sealed class ObjectsApi(GroupScopes scopes)
{
    /// <summary>The path below <c>/api</c>.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(AdminRequest request)
    {
        if (await scopes.FindAsync(request.Address.Group, request.Aborted) is not { } scope)
            return GroupDispatcher.Unknown(request.Address.Group);
        if (request.Workspace != WorkspaceConfig.DefaultId && await scope.FindWorkspaceAsync(request.Workspace, request.Aborted) is null)
            return scope.Rules.Unknown(request.Workspace);
        if (!ObjectPath.TryParse(request.Segments, out ObjectPath path, out string[] rest) || rest.Length > 0)
            return AdminResponse.Error(404, "there is no such path");
        return request.Method switch
        {
            "GET" when path.Id is null => await ListAsync(scope, path, request),
            "GET" => await scope.Reads.FindAsync(path, request) is { } entry ? Shown(200, path.Kind, path.FullId, entry.Value, entry.ModRevision, []) : AdminResponse.KeyNotFound(),
            "DELETE" when request.Query["force"] == "true" => AdminResponse.Error(400, "nothing in use is deleted by force here"),
            "DELETE" => await scope.Deletes.DeleteAsync(path, request),
            "PUT" or "POST" or "PATCH" when path.Kind.Supports(request.Method) => await WriteAsync(scope, path, request),
            _ => AdminResponse.Error(405, $"not supported `{request.Method}` method for {path.Kind.Singular()}"),
        };
    }

    private static async ValueTask<AdminResponse> ListAsync(GroupScope scope, ObjectPath path, AdminRequest request)
    {
        ObjectList list = await scope.Reads.SelectAsync(path, request);
        return list.Refusal ?? AdminResponse.Object(200, (path.Kind, list), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (StoreEntry entry in state.list.Entries)
                writer.WriteRawValue(SecretFields.Redact(state.Kind, IdOf(entry.Key), entry.Value).Span, skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteNumber("total", state.list.Total);
        });
    }

    private static async ValueTask<AdminResponse> WriteAsync(GroupScope scope, ObjectPath path, AdminRequest request)
    {
        StoreEntry? stored = path.Id is not null ? await scope.Reads.FindAsync(path, request) : null;
        AdminRequest filled = request;
        if (request.Body is { ValueKind: JsonValueKind.Object } body)
        {
            if (StoredSecrets.Fill(path.Kind, path.Id is null ? "" : path.FullId, JsonText.Build(body, JsonText.Copy), stored, out JsonElement draft) is { } refusal)
                return refusal;
            filled = request.WithBody(draft);
        }

        AdminResponse answer = request.Method switch
        {
            "PUT" => await scope.Writes.PutAsync(path, filled, UpstreamRule.Check),
            "POST" => await scope.Writes.PostAsync(path, filled, UpstreamRule.Check),
            _ => await scope.Writes.PatchAsync(path, [], filled, UpstreamRule.Check),
        };
        if (answer.Status is not (200 or 201) || request.IsDryRun)
            return answer;
        JsonElement written = JsonElement.Parse(answer.Body.Span);
        string key = written.GetProperty("key").GetString()!;
        return Shown(answer.Status, path.Kind, IdOf(key), JsonText.Build(written.GetProperty("value"), JsonText.Copy), answer.Revision, answer.Warnings);
    }

    private static AdminResponse Shown(int status, ResourceKind kind, string id, ReadOnlyMemory<byte> value, long? revision, IReadOnlyList<ConfigError> warnings) =>
        AdminResponse.Object(status, SecretFields.Redact(kind, id, value), static (writer, shown) =>
        {
            writer.WritePropertyName("value");
            writer.WriteRawValue(shown.Span, skipInputValidation: true);
        }, revision, warnings);

    private static string IdOf(string key) => ResourceKinds.TryParseKey(key, out _, out string id) ? id : "";
}
