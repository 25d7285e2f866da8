namespace Headgate.Proxy.Transport;

/// <summary>Something with a deadline that moves often and is rarely reached.</summary>
public interface IDeadlineTarget
{
    /// <summary>Milliseconds of <see cref="DeadlineWheel.NowMs"/>; 0 = none now. Read by the wheel at any time.</summary>
    long DeadlineMs { get; }

    /// <summary>The deadline passed. Called on the wheel's thread, which must not be kept: never blocks.</summary>
    void OnDeadline();
}
