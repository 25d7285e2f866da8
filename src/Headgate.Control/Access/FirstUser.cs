using Headgate.Store;

namespace Headgate.Control.Access;

/// <summary>The user that a store without users gets.</summary>
public static class FirstUser
{
    /// <summary>Its name.</summary>
    public const string Name = "admin";

    /// <summary>
    /// Makes a user who may do everything when the store has none, and gives back the generated password, to be shown once: it must be changed at the first login. Null = there are users, or
    /// another process has just made the first.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read or written.</exception>
    public static async Task<string?> CreateAsync(IConfigStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        StoreView users = await store.GetAsync(AccessKeys.Users, cancellationToken);
        if (users.Entries.Count > 0)
            return null;
        string password = Passwords.Generate();
        DateTimeOffset now = time.GetUtcNow();
        var user = new UserRecord
        {
            Username = Name,
            PasswordHash = Passwords.Hash(password),
            MustChangePassword = true,
            Roles = [GrantRecord.Of(Grant.Everywhere(AccessRole.Owner))],
            CreateTime = now.ToUnixTimeSeconds(),
            UpdateTime = now.ToUnixTimeSeconds(),
            PasswordTimeMs = now.ToUnixTimeMilliseconds(),
        };
        string key = AccessKeys.User(Name);
        var commit = new Commit
        {
            Compares = [new Compare.Missing(key), new Compare.RangeNotWrittenSince(AccessKeys.Users, users.Revision)],
            Operations = [new Operation.Put(key, user.ToJson())],
            Origin = new Origin("headgate", "local", "the first user"),
        };
        return (await store.CommitAsync(commit, cancellationToken)).Applied ? password : null;
    }
}
