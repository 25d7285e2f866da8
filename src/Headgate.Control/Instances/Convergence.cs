using System.Globalization;
using Headgate.Control.Groups;

namespace Headgate.Control.Instances;

/// <summary>Says which instances of a gateway group run a revision, and waits for all of them to.</summary>
internal sealed class Convergence(Fleet fleet, GroupScopes scopes, TimeProvider time)
{
    /// <summary>How far the group's instances have come. <paramref name="onlyConnected"/>: those that cannot be reached now are left out.</summary>
    public Converged Of(GroupScope group, long revision, bool onlyConnected = false)
    {
        NewestRevision? newest = group.Revisions.Newest;
        DateTimeOffset now = time.GetUtcNow();
        var instances = new List<InstanceProgress>();
        foreach (Instance instance in fleet.Of(group.Group))
        {
            InstanceState state = instance.StateNow(group.Revisions).State;
            if (state == InstanceState.Offline || (onlyConnected && instance.Line is null))
                continue; // what has stopped is not waited for
            bool runs = instance.HasReached(revision, newest);
            TimeSpan? behind = runs ? null : now - (group.Revisions.PassedAt(instance.Running.Revision) ?? now);
            instances.Add(new InstanceProgress(instance.Identity.Id, state, instance.Running.Revision, runs, behind));
        }

        return new Converged(revision, instances);
    }

    /// <summary>Waits until all run it, <paramref name="patience"/> at most; says how far they have come.</summary>
    public async ValueTask<Converged> WaitAsync(string group, long revision, TimeSpan patience, bool onlyConnected, CancellationToken cancellationToken)
    {
        if (await scopes.FindAsync(group, cancellationToken) is not { } scope)
            return new Converged(revision, []);
        long began = time.GetTimestamp();
        while (true)
        {
            Task news = fleet.NextReport;
            Converged now = Of(scope, revision, onlyConnected);
            TimeSpan left = patience - time.GetElapsedTime(began);
            if (now.IsComplete || left <= TimeSpan.Zero)
                return now;
            await news.WaitAsync(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>How far the instances of a gateway group have come with a revision.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Instances">Those that should run it, by their ids.</param>
internal sealed record Converged(long Revision, IReadOnlyList<InstanceProgress> Instances)
{
    /// <summary>How many run it.</summary>
    public int Count => Instances.Count(static instance => instance.Runs);

    /// <summary>Whether all do.</summary>
    public bool IsComplete => Count == Instances.Count;

    /// <summary><c>2 of 3, gw-3 at revision 41 for 12 s</c>.</summary>
    public string Text => string.Join(", ", [$"{Count} of {Instances.Count}", .. Instances.Where(static instance => !instance.Runs).Select(static instance => instance.Text)]);
}

/// <summary>How far an instance has come.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">How it is.</param>
/// <param name="Revision">What it runs; −1 = nothing yet, or it has not been heard.</param>
/// <param name="Runs">Whether that is the revision asked for, or a later one.</param>
/// <param name="Behind">Since when it has run less than there is; null = it runs it.</param>
internal sealed record InstanceProgress(string Id, InstanceState State, long Revision, bool Runs, TimeSpan? Behind)
{
    /// <summary><c>gw-3 at revision 41 for 12 s</c>.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Id} at revision {Revision} for {Behind?.TotalSeconds ?? 0:0.#} s");
}
