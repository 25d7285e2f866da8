using System.Threading.Channels;

namespace Headgate.Proxy.Registries;

/// <summary>One reading of a registry by a <see cref="RegistryFeed"/>, with those who follow it. Thread-safe.</summary>
internal sealed class RegistryReading : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, List<ChannelWriter<bool>>> _followers = new(StringComparer.Ordinal);
    private bool _isComplete;
    private bool _ended;
    private Exception? _failure;

    /// <summary>Cancelled when nobody follows any more.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>The registry is known as a whole now, perhaps anew: every service may have changed.</summary>
    public void AnnounceAll()
    {
        lock (_gate)
        {
            _isComplete = true;
            foreach (ChannelWriter<bool> follower in _followers.Values.SelectMany(static all => all))
                follower.TryWrite(true);
        }
    }

    /// <summary>A service may have changed. Before <see cref="AnnounceAll"/> nobody is told.</summary>
    public void Announce(string service)
    {
        lock (_gate)
        {
            if (!_isComplete)
                return;
            foreach (ChannelWriter<bool> follower in _followers.GetValueOrDefault(service) ?? [])
                follower.TryWrite(true);
        }
    }

    /// <summary>Takes a follower in, and tells it at once when the registry is known.</summary>
    internal void Add(string service, ChannelWriter<bool> follower)
    {
        lock (_gate)
        {
            if (_ended)
            {
                follower.TryComplete(_failure);
                return;
            }

            if (!_followers.TryGetValue(service, out List<ChannelWriter<bool>>? known))
                _followers[service] = known = [];
            known.Add(follower);
            if (_isComplete)
                follower.TryWrite(true);
        }
    }

    /// <summary>Lets a follower go; true when none is left.</summary>
    internal bool Remove(string service, ChannelWriter<bool> follower)
    {
        lock (_gate)
        {
            if (_followers.TryGetValue(service, out List<ChannelWriter<bool>>? known) && known.Remove(follower) && known.Count == 0)
                _followers.Remove(service);
            return _followers.Count == 0;
        }
    }

    /// <summary>Ends the reading; it goes on to its next wait at most.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            if (!_ended)
                _ = _stop.CancelAsync(); // what is told so runs elsewhere, without the locks held here
        }
    }

    /// <summary>It has ended: so do those who follow.</summary>
    internal void End(Exception? failure)
    {
        lock (_gate)
        {
            (_ended, _failure) = (true, failure);
            foreach (ChannelWriter<bool> follower in _followers.Values.SelectMany(static all => all))
                follower.TryComplete(failure);
        }
    }

    /// <summary>Frees what an ended reading holds.</summary>
    public void Dispose() => _stop.Dispose();
}
