using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;

namespace Headgate.Control.Access;

/// <summary><c>/api/gateway_groups/GROUP/instance_tokens</c>: what lets instances of a group report, and how to add one.</summary>
internal sealed class InstanceTokensApi(GroupScopes scopes, InstanceTokens tokens, AdminApiOptions options, TimeProvider time)
{
    private const int DaysMax = 3650;

    private static readonly string[] Members = ["name", "days"];

    /// <summary>What follows the group in the path: <c>instance_tokens</c>, or <c>instance_tokens/ID</c>.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(AdminRequest request)
    {
        string group = request.Segments[1];
        if (await scopes.FindAsync(group, request.Aborted) is null)
            return GroupDispatcher.Unknown(group);
        return (request.Method, request.Segment(3)) switch
        {
            ("GET", null) => await ListAsync(group, request),
            ("POST", null) => await CreateAsync(group, request),
            ("DELETE", { } id) => await tokens.DeleteAsync(group, id, request.Origin, request.Aborted) ? ObjectDeletes.Deleted(AccessKeys.InstanceToken(id)) : AdminResponse.KeyNotFound(),
            _ => AdminResponse.Error(405, $"not supported `{request.Method}` method for this path"),
        };
    }

    private async ValueTask<AdminResponse> ListAsync(string group, AdminRequest request) =>
        AdminResponse.Object(200, await tokens.OfGroupAsync(group, request.Aborted), static (writer, list) =>
        {
            writer.WriteStartArray("list");
            foreach (InstanceToken token in list)
            {
                writer.WriteStartObject();
                WriteMembers(writer, token);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", list.Count);
        });

    private async ValueTask<AdminResponse> CreateAsync(string group, AdminRequest request)
    {
        if (PersonReader.Open(request, Members, out AdminResponse? refusal) is not { } reader)
            return refusal!;
        string? name = reader.Text("name");
        if (string.IsNullOrEmpty(name))
            reader.Refuse("name", "name is needed: it says what the token is for");
        int? days = reader.Integer("days", 1, DaysMax);
        if (reader.Refusal is { } wrong)
            return wrong;
        (string secret, string hash) = TokenSecret.New();
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var token = new InstanceToken { Id = TokenSecret.NewId(), Name = name!, Group = group, Hash = hash, CreateTime = now, ExpireTime = now + (days * 86_400L) };
        if (!await tokens.AddAsync(token, request.Origin))
            return GroupDispatcher.Unknown(group);
        string sent = TokenSecret.Join(InstanceToken.Lead, token.Id, secret);
        string config = InstanceSetup.Config(group, request.BaseAddress, options.Etcd);
        return AdminResponse.Object(201, (token, sent, config, etcd: options.Etcd), static (writer, state) =>
        {
            writer.WriteStartObject("value");
            WriteMembers(writer, state.token);
            writer.WriteString("token", state.sent);
            writer.WriteStartObject("commands");
            writer.WriteString("config", state.config);
            writer.WriteString("shell", InstanceSetup.Shell(state.config, state.sent, state.etcd));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }, headers: [("Cache-Control", "no-store")]);
    }

    private static void WriteMembers(Utf8JsonWriter writer, InstanceToken token)
    {
        writer.WriteString("id", token.Id);
        writer.WriteString("name", token.Name);
        writer.WriteString("gateway_group_id", token.Group);
        writer.WriteNumber("create_time", token.CreateTime);
        if (token.ExpireTime is { } end)
            writer.WriteNumber("expire_time", end);
    }
}
