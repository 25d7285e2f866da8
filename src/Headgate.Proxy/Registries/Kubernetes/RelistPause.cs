namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>
/// Keeps full reads of a cluster apart when they fail, or when the watches after them do not last: a server that answers each watch with 410 Gone, or breaks it, must not be read whole again
/// and again, nor be asked anew for each of many services that wait for it. At once the first time, then for longer from time to time, with jitter. One reading at a time.
/// </summary>
internal sealed class RelistPause(KubernetesTerms terms, TimeProvider time, Random random)
{
    private bool _hasBegun;
    private long? _read;
    private int _hasty;

    /// <summary>The cluster has been read whole; its watch begins.</summary>
    public void Read() => _read = time.GetTimestamp();

    /// <summary>The reading was ended by ourselves, so its end says nothing.</summary>
    public void Forget() => (_hasBegun, _read) = (false, null);

    /// <summary>Waits until the next full read may begin.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_hasBegun)
            _hasty = _read is { } read && time.GetElapsedTime(read) >= terms.WatchWell ? 0 : Math.Min(_hasty + 1, 30);
        Forget();
        if (_hasty > 1)
        {
            double most = Math.Min(terms.PauseMost.TotalMilliseconds, terms.PauseFirst.TotalMilliseconds * Math.Pow(2, _hasty - 2));
            await Task.Delay(TimeSpan.FromMilliseconds(most * (0.5 + (random.NextDouble() / 2))), time, cancellationToken);
        }

        _hasBegun = true;
    }
}
