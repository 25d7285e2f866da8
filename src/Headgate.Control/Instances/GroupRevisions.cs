using Headgate.Store;

namespace Headgate.Control.Instances;

/// <summary>What a gateway group's instances should run: the newest revision of its objects, their digest, and when it was learnt. Written by the group's feed, read by any thread.</summary>
internal sealed class GroupRevisions(TimeProvider time)
{
    private const int Kept = 1024;

    private readonly Lock _lock = new();
    private readonly ConfigDigest _digest = new();
    private readonly Queue<(long Revision, DateTimeOffset At)> _learnt = new();
    private volatile NewestRevision? _newest;

    /// <summary>The newest; null = nothing was read yet.</summary>
    public NewestRevision? Newest => _newest;

    /// <summary>Takes in a full read.</summary>
    public void Load(StoreView view)
    {
        string before = _digest.Text;
        _digest.Load(view);
        if (_newest is null || before != _digest.Text)
            Learn(view.Revision);
    }

    /// <summary>Takes in one revision.</summary>
    public void Apply(StoreRevision revision)
    {
        _digest.Apply(revision);
        Learn(revision.Revision);
    }

    /// <summary>When the first revision after <paramref name="revision"/> was learnt: since then whoever runs that one is behind. Null = there is none.</summary>
    public DateTimeOffset? PassedAt(long revision)
    {
        lock (_lock)
        {
            foreach ((long learnt, DateTimeOffset at) in _learnt)
            {
                if (learnt > revision)
                    return at;
            }

            return null;
        }
    }

    private void Learn(long revision)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            _learnt.Enqueue((revision, now));
            if (_learnt.Count > Kept)
                _learnt.Dequeue();
        }

        _newest = new NewestRevision(revision, _digest.Text, now);
    }
}

/// <summary>The newest revision of a group's objects.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Digest">Digest of all objects as of it.</param>
/// <param name="At">When this control plane learnt it.</param>
internal sealed record NewestRevision(long Revision, string Digest, DateTimeOffset At);
