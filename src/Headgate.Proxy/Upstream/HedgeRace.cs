using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Upstream;

/// <summary>The tries of one hedged request that are under way at the same time. Belongs to the request's flow, and is used again for other requests.</summary>
internal sealed class HedgeRace(HedgedTries owner)
{
    private readonly HedgedTry?[] _tries = new HedgedTry?[HedgingConfig.MaxAttemptsMax];
    private TriedNodes _tried;

    /// <summary>What its flow waits for.</summary>
    public HedgeSignal Signal { get; } = new();

    /// <summary>The nodes that were asked.</summary>
    public ref TriedNodes Tried => ref _tried;

    /// <summary>Tries that were begun.</summary>
    public int Count { get; private set; }

    /// <summary>Tries under way, of which nothing is known yet.</summary>
    public int Running { get; private set; }

    /// <summary>The node of the first try.</summary>
    public NodeSnapshot First { get; private set; } = null!;

    /// <summary>The try whose answer is passed on; null as long as there is none.</summary>
    public HedgedTry? Winner { get; set; }

    /// <summary>What it has its answer on.</summary>
    public NodeConnection? Answer { get; set; }

    /// <summary>The last that failed, and how.</summary>
    public (NodeSnapshot Node, AttemptFailure Failure) Failed { get; set; }

    /// <summary>Whether one that was cancelled has not ended yet.</summary>
    public bool HasCancelled
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if (_tries[i] is { IsCancelled: true, HasEnded: false })
                    return true;
            }

            return false;
        }
    }

    /// <summary>The try at <paramref name="index"/>, in the order they were begun; null when it was forgotten.</summary>
    public HedgedTry? this[int index] => _tries[index];

    /// <summary>A request begins.</summary>
    public void Begin(NodeSnapshot first)
    {
        (First, Failed, Count, Running) = (first, (first, AttemptFailure.None), 0, 0);
        _tried.Clear();
    }

    /// <summary>It is over: nothing of it is held on to.</summary>
    public void End()
    {
        (First, Failed, Winner, Answer) = (null!, default, null, null);
        for (int i = 0; i < Count; i++)
            _tries[i]?.Forget();
    }

    /// <summary>A further try, at <paramref name="node"/>.</summary>
    public HedgedTry Add(NodeSnapshot node)
    {
        _tried.Add(node.Index);
        Running++;
        return _tries[Count++] ??= new HedgedTry(owner, Signal);
    }

    /// <summary>One that has ended and whose result nobody has taken; null when there is none now.</summary>
    public HedgedTry? TakeEnded()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_tries[i] is { IsSettled: false, HasEnded: true } ended)
            {
                ended.IsSettled = true;
                Running--;
                return ended;
            }
        }

        return null;
    }

    /// <summary>A try that <see cref="TakeEnded"/> gave has begun again.</summary>
    public void OnBegunAgain() => Running++;

    /// <summary>It goes on by itself: another one takes its place the next time.</summary>
    public void Forget(int index) => _tries[index] = null;
}
