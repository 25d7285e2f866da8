using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Store;

namespace Headgate.Control.Access;

/// <summary><c>/api/tokens</c>: a user's own API tokens. Made within a session only: a token that could make tokens would outlive its end.</summary>
internal sealed class TokensApi(IConfigStore store, TimeProvider time)
{
    private const int DaysDefault = 90;
    private const int DaysMax = 366;

    private static readonly string[] Members = ["name", "days", "role", "gateway_group_id", "workspace_id"];

    /// <summary>What follows <c>tokens</c> in the path.</summary>
    public ValueTask<AdminResponse> AnswerAsync(AdminRequest request) => (request.Method, request.Segments[1..]) switch
    {
        _ when request.Caller.User is null => ValueTask.FromResult(AdminResponse.Error(400, "an admin key has no API tokens; log in")),
        ("GET", []) => ListAsync(request),
        ("POST", []) => CreateAsync(request),
        ("DELETE", [var id]) => DeleteAsync(id, request),
        (_, [] or [_]) => ValueTask.FromResult(AdminResponse.Error(405, $"not supported `{request.Method}` method for this path")),
        _ => ValueTask.FromResult(AdminResponse.Error(404, "there is no such path")),
    };

    private async ValueTask<AdminResponse> ListAsync(AdminRequest request)
    {
        StoreView view = await store.GetAsync(AccessKeys.Tokens, request.Aborted);
        ApiToken[] own = [.. view.Entries.Select(static entry => ApiToken.Read(entry.Value)).OfType<ApiToken>().Where(token => token.Username == request.Caller.Name)];
        return AdminResponse.Object(200, own, static (writer, tokens) =>
        {
            writer.WriteStartArray("list");
            foreach (ApiToken token in tokens)
            {
                writer.WriteStartObject();
                WriteMembers(writer, token);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", tokens.Length);
        });
    }

    private async ValueTask<AdminResponse> CreateAsync(AdminRequest request)
    {
        if (request.Caller.Session is null)
            return AdminResponse.Error(403, "API tokens are made within a session; log in");
        if (PersonReader.Open(request, Members, out AdminResponse? refusal) is not { } reader)
            return refusal!;
        string? name = reader.Text("name");
        if (string.IsNullOrEmpty(name))
            reader.Refuse("name", "name is needed: it says what the token is for");
        (string secret, string hash) = TokenSecret.New();
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var token = new ApiToken
        {
            Id = TokenSecret.NewId(),
            Name = name ?? "",
            Username = request.Caller.Name,
            Hash = hash,
            Role = reader.Role("role"),
            Group = reader.Id("gateway_group_id"),
            Workspace = reader.Id("workspace_id"),
            ExpireTime = now + ((reader.Integer("days", 1, DaysMax) ?? DaysDefault) * 86_400L),
            CreateTime = now,
        };
        if (token is { Workspace: not null, Group: null })
            reader.Refuse("workspace_id", "workspace_id needs gateway_group_id");
        if (reader.Refusal is { } wrong)
            return wrong;
        if (token.Narrow(request.Caller.Grants).Count == 0)
            return AdminResponse.Error(400, "the token could do nothing: its user has no role there");
        string key = AccessKeys.Token(token.Id);
        var commit = new Commit { Compares = [new Compare.Missing(key)], Operations = [new Operation.Put(key, JsonSerializer.SerializeToUtf8Bytes(token), Left(token, now))], Origin = request.Origin };
        CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
        if (!result.Applied)
            return AdminResponse.Error(503, "try again");
        return AdminResponse.Object(201, (token, sent: TokenSecret.Join(ApiToken.Lead, token.Id, secret)), static (writer, state) =>
        {
            writer.WriteStartObject("value");
            WriteMembers(writer, state.token);
            writer.WriteString("token", state.sent);
            writer.WriteEndObject();
        }, headers: [("Cache-Control", "no-store")]);
    }

    private async ValueTask<AdminResponse> DeleteAsync(string id, AdminRequest request)
    {
        string key = AccessKeys.Token(id);
        if (!ObjectId.IsLegal(id) || await store.FindAsync(key, request.Aborted) is not { } entry || ApiToken.Read(entry.Value) is not { } token || token.Username != request.Caller.Name)
            return AdminResponse.KeyNotFound();
        await store.CommitAsync(new Commit { Operations = [new Operation.Delete(key)], Origin = request.Origin }, CancellationToken.None);
        return ObjectDeletes.Deleted(key);
    }

    private static TimeSpan Left(ApiToken token, long now) => TimeSpan.FromSeconds(token.ExpireTime - now);

    private static void WriteMembers(Utf8JsonWriter writer, ApiToken token)
    {
        writer.WriteString("id", token.Id);
        writer.WriteString("name", token.Name);
        if (token.Role is not null)
            writer.WriteString("role", token.Role);
        if (token.Group is not null)
            writer.WriteString("gateway_group_id", token.Group);
        if (token.Workspace is not null)
            writer.WriteString("workspace_id", token.Workspace);
        writer.WriteNumber("create_time", token.CreateTime);
        writer.WriteNumber("expire_time", token.ExpireTime);
    }
}
