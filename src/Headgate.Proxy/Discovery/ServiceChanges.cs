using Headgate.Core.Config;

namespace Headgate.Proxy.Discovery;

/// <summary>Services whose instances have changed and that have not been compiled yet. Many writers, one reader.</summary>
internal sealed class ServiceChanges : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _some = new(0, 1);
    private HashSet<ServiceKey> _changed = [];

    /// <summary>A service has changed.</summary>
    public void Add(ServiceKey service)
    {
        lock (_gate)
        {
            _changed.Add(service);
            if (_changed.Count == 1 && _some.CurrentCount == 0)
                _some.Release();
        }
    }

    /// <summary>Waits until some have changed.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _some.WaitAsync(cancellationToken);

    /// <summary>Takes those that have changed; may be none.</summary>
    public IReadOnlyCollection<ServiceKey> Take()
    {
        lock (_gate)
        {
            HashSet<ServiceKey> taken = _changed;
            _changed = [];
            return taken;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _some.Dispose();
}
