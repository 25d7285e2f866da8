using Headgate.Proxy.Transport.Loops;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>Registered with a loop and told of events; does what a test says.</summary>
internal sealed class IdleTarget(Action<uint>? onEvents = null) : ILoopTarget
{
    private int _bugs;

    /// <summary>How often it was told of a mistake.</summary>
    public int Bugs => Volatile.Read(ref _bugs);

    public void OnEvents(uint events) => onEvents?.Invoke(events);

    public void OnBug() => Interlocked.Increment(ref _bugs);
}
