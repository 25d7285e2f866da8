using System.Security.Cryptography;
using System.Text.Json;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd;

/// <summary>
/// Applies commits: reads what is there, writes the commit and its record on condition that it still is there, and begins anew when it is not. When nothing tells what became of a
/// transaction it is found out, so that a commit is applied once or not at all. Thread-safe.
/// </summary>
internal sealed class EtcdCommits(EtcdClient client, EtcdOptions options, TimeProvider time)
{
    /// <summary>
    /// Most operations of a commit. etcd takes 128 a transaction: each of these needs two, one for the key and one for its place in the history, and the record and a new chapter one each.
    /// </summary>
    public const int OperationsMax = 63;

    private const int TransactionOperations = 128;
    private const int PauseMsMax = 20;

    /// <summary>Applies <paramref name="commit"/>; see <see cref="IConfigStore.CommitAsync"/>.</summary>
    public async Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        Check(commit);
        long began = time.GetTimestamp();
        IReadOnlyDictionary<TimeSpan, long> leases = new Dictionary<TimeSpan, long>();
        for (bool withRanges = false; ; withRanges = true)
        {
            CommitBasis basis = await CommitBasis.ReadAsync(client, commit, withRanges, cancellationToken);
            int broken = basis.FirstBroken(commit.Compares);
            bool hasEffect = PreparedCommit.HasEffect(commit, basis);
            if (broken >= 0 || !hasEffect)
            {
                // Compares of ranges are looked at only where they decide: etcd goes through every key of them.
                if (!basis.HasRanges && commit.Compares.Take(broken >= 0 ? broken : int.MaxValue).Any(compare => compare is Compare.RangeNotWrittenSince))
                    continue;
                await RevokeAsync(leases);
                return new CommitResult(Applied: broken < 0, basis.Revision, broken);
            }

            if (leases.Count == 0)
                leases = await GrantAsync(commit, cancellationToken);
            var prepared = new PreparedCommit(commit, basis, leases, time.GetUtcNow());
            cancellationToken.ThrowIfCancellationRequested();
            if (await ApplyAsync(prepared, began) is { } revision)
                return new CommitResult(Applied: true, revision, FailedCompare: -1);
            if (time.GetElapsedTime(began) >= options.Timeout)
                throw new StoreUnavailableException($"The commit could not be applied within {options.Timeout.TotalSeconds:0} s: what it is about is being written all the time. Nothing of it was applied.");
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(PauseMsMax)), time, cancellationToken);
        }
    }

    private static void Check(Commit commit)
    {
        CommitLimits.Check(commit);
        if (commit.Operations.Count > OperationsMax)
            throw new ArgumentException($"A commit to etcd takes 1 to {OperationsMax} operations; this one has {commit.Operations.Count}.", nameof(commit));
        int compares = 1 + commit.Operations.Count + commit.Compares.Sum(static compare => compare is Compare.RangeNotWrittenSince range ? PrivateKeys.Without(range.Prefix).Count : 1);
        if (compares > TransactionOperations)
            throw new ArgumentException($"A commit to etcd takes at most {TransactionOperations - 1} operations and compares together; this one has {compares - 1}.", nameof(commit));
        foreach (Operation operation in commit.Operations)
            PrivateKeys.CheckNot(operation.Key);
    }

    /// <summary>Revision of the commit; null = it was not applied and will not be.</summary>
    private async Task<long?> ApplyAsync(PreparedCommit prepared, long began)
    {
        byte[] transaction = prepared.Write();
        while (true)
        {
            try
            {
                // From here on the outcome is told, whoever cancels.
                using EtcdReply reply = await client.AskOnceAsync(EtcdClient.TransactionPath, transaction, CancellationToken.None);
                return reply.Succeeded ? reply.Revision : null;
            }
            catch (EtcdException e) when (e.Failure == EtcdFailure.NotSent && time.GetElapsedTime(began) < options.Timeout)
            {
                // The next member. That none is there is found out by the read that comes first the next time.
                return null;
            }
            catch (EtcdException e) when (e.Failure == EtcdFailure.Unknown)
            {
                return await FindOutAsync(prepared);
            }
            catch (EtcdException e) when (e.Message.Contains("too large", StringComparison.Ordinal) || e.Message.Contains("larger than max", StringComparison.Ordinal))
            {
                throw new ArgumentException("The commit is too large for etcd, which takes 1.5 MiB with the values that it replaces, unless it is told otherwise (--max-request-bytes). Write less at a time.", e);
            }
            catch (EtcdException e)
            {
                throw new StoreUnavailableException($"The etcd store refuses the commit: {e.Message}.", e);
            }
        }
    }

    private async Task<long?> FindOutAsync(PreparedCommit prepared)
    {
        try
        {
            using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, prepared.WriteFence(), CancellationToken.None);
            if (reply.Succeeded)
                return null;
            foreach (JsonElement kv in reply.Found(0))
                return EtcdReply.Number(kv, "mod_revision");
            return null; // someone else has ended the chapter
        }
        catch (StoreUnavailableException e)
        {
            throw new StoreUnavailableException($"Nothing tells whether the commit was applied: {e.Message} Read again before it is repeated.", e);
        }
    }

    private async Task<IReadOnlyDictionary<TimeSpan, long>> GrantAsync(Commit commit, CancellationToken cancellationToken)
    {
        var leases = new Dictionary<TimeSpan, long>();
        foreach (TimeSpan ttl in commit.Operations.OfType<Operation.Put>().Select(static put => put.Ttl).OfType<TimeSpan>().Distinct())
        {
            byte[] question = EtcdRequest.Write(writer => writer.Number("TTL", (long)Math.Ceiling(ttl.TotalSeconds)));
            using EtcdReply reply = await client.AskAsync("/v3/lease/grant", question, cancellationToken);
            leases[ttl] = EtcdReply.Number(reply.Root, "ID");
        }

        return leases;
    }

    // A lease that nothing is bound to harms nobody; it goes by itself in the end.
    private async Task RevokeAsync(IReadOnlyDictionary<TimeSpan, long> leases)
    {
        foreach (long lease in leases.Values)
        {
            try
            {
                using EtcdReply reply = await client.AskOnceAsync("/v3/lease/revoke", EtcdRequest.Write(writer => writer.Number("ID", lease)), CancellationToken.None);
            }
            catch (EtcdException)
            {
                return;
            }
        }
    }
}
