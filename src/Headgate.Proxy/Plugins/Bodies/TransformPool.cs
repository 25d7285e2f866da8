using System.Collections.Concurrent;

namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>Transforms of a plugin that serve one answer after the other. Thread-safe; allocates nothing in the long run.</summary>
/// <typeparam name="T">The transform; its <see cref="BodyTransform.Release"/> returns it here.</typeparam>
/// <param name="make">Makes one for the pool.</param>
internal sealed class TransformPool<T>(Func<TransformPool<T>, T> make)
    where T : BodyTransform
{
    private const int KeptMax = 64;

    private readonly ConcurrentQueue<T> _kept = new();

    /// <summary>One that nobody uses.</summary>
    public T Take() => _kept.TryDequeue(out T? kept) ? kept : make(this);

    /// <summary>Nobody uses it any more.</summary>
    public void Return(T transform)
    {
        if (_kept.Count < KeptMax)
            _kept.Enqueue(transform);
    }
}
