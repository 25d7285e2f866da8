using System.Text;

namespace Headgate.Store.Tests.Contract;

/// <summary>What the contract tests need of an implementation, and the words they are written in.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    protected static readonly Origin Me = new("tester", "127.0.0.1:5000", "PUT /x");

    private IConfigStore? _store;

    /// <summary>The store under test, empty at first.</summary>
    protected IConfigStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>Bytes of the largest value that a commit of its own takes.</summary>
    protected virtual int LargestValue => CommitLimits.ValueBytesMax;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store, the second time with what the first left.</summary>
    protected abstract Task<IConfigStore> OpenAsync();

    /// <summary>Drops the history up to a revision, as the implementation does that.</summary>
    protected abstract Task CompactAsync(IConfigStore store, long revision);

    /// <summary>Lets this much time pass for ttls.</summary>
    protected abstract Task PassTimeAsync(TimeSpan time);

    protected async Task ReopenAsync(TimeSpan closedFor = default)
    {
        await Store.DisposeAsync();
        if (closedFor > TimeSpan.Zero)
        {
            await PassTimeAsync(closedFor);
        }

        _store = await OpenAsync();
    }

    protected static Operation Put(string key, string value, TimeSpan? ttl = null) => new Operation.Put(key, Encoding.UTF8.GetBytes(value), ttl);

    protected static Operation Delete(string key) => new Operation.Delete(key);

    protected Task<CommitResult> CommitAsync(params Operation[] operations) => CommitAsync([], operations);

    protected async Task<CommitResult> CommitAsync(Compare[] compares, params Operation[] operations) =>
        await Store.CommitAsync(new Commit { Compares = compares, Operations = operations, Origin = Me }, Token);

    /// <summary>What is below a prefix: <c>/a/1=x /a/2=y</c>.</summary>
    protected async Task<string> ReadAsync(string prefix = "/") =>
        string.Join(' ', (await Store.GetAsync(prefix, Token)).Entries.Select(entry => $"{entry.Key}={Text(entry.Value)}"));

    /// <summary>The next revisions of a watch: <c>3: /a/1=x /a/2 deleted</c>, or <c>gap</c>.</summary>
    protected async Task<List<string>> WatchAsync(string prefix, long after, int count)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        List<string> seen = [];
        await foreach (StoreRevision revision in Store.WatchAsync(prefix, after, limit.Token))
        {
            seen.Add(Describe(revision));
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }

    protected static string Describe(StoreRevision revision) =>
        ReferenceEquals(revision, StoreRevision.Gap)
            ? "gap"
            : $"{revision.Revision}: " + string.Join(' ', revision.Changes.Select(
                change => change.Entry is { } entry ? $"{change.Key}={Text(entry.Value)}" : $"{change.Key} deleted"));

    protected static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);
}
