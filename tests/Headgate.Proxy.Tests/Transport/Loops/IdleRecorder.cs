using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>Counts how often a parked connection was said to have ended.</summary>
internal sealed class IdleRecorder : IIdleWatcher
{
    private int _ended;

    public int Ended => Volatile.Read(ref _ended);

    public void OnIdleEnded() => Interlocked.Increment(ref _ended);
}
