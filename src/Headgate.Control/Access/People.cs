using System.Text.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Control.Groups;
using Headgate.Store;

namespace Headgate.Control.Access;

/// <summary>Finds who a session or token is of. Both are read from the store at every request: what was taken away acts at once, on every control plane.</summary>
internal sealed class People(IConfigStore store, TimeProvider time)
{
    /// <summary>A user; null when there is none of that name.</summary>
    public async ValueTask<UserRecord?> FindAsync(string username, CancellationToken cancellationToken) =>
        ObjectId.IsLegal(username) && await store.FindAsync(AccessKeys.User(username), cancellationToken) is { } entry ? UserRecord.Read(entry.Value) : null;

    /// <summary>The user of a session by its cookie's secret; null when it is over.</summary>
    public async ValueTask<UserRecord?> OfSessionAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length > 128 || await store.FindAsync(AccessKeys.Session(Session.HashOf(secret)), cancellationToken) is not { } entry || Read(entry.Value) is not { } session)
            return null;
        DateTimeOffset begun = DateTimeOffset.FromUnixTimeMilliseconds(session.CreateTimeMs);
        UserRecord? user = begun + Session.Lifetime > time.GetUtcNow() ? await FindAsync(session.Username, cancellationToken) : null;
        return user is { Disabled: false } && user.PasswordTimeMs <= session.CreateTimeMs ? user : null;
    }

    /// <summary>The user of a token as a client sends it, what the token leaves of their roles, and where it is at home; null when it is good for nothing.</summary>
    public async ValueTask<(UserRecord User, IReadOnlyList<Grant> Grants, GroupAddress Home)?> OfTokenAsync(string sent, CancellationToken cancellationToken)
    {
        if (!TokenSecret.TrySplit(ApiToken.Lead, sent, out string id, out string secret) || await store.FindAsync(AccessKeys.Token(id), cancellationToken) is not { } entry
            || ApiToken.Read(entry.Value) is not { } token || !TokenSecret.Matches(secret, token.Hash) || token.ExpireTime <= time.GetUtcNow().ToUnixTimeSeconds()
            || await FindAsync(token.Username, cancellationToken) is not { Disabled: false, MustChangePassword: false } user)
        {
            return null;
        }

        return (user, token.Narrow(user.Grants), new GroupAddress(token.Group ?? GatewayGroupConfig.DefaultId, token.Workspace ?? WorkspaceConfig.DefaultId));
    }

    private static Session? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize<Session>(value.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
