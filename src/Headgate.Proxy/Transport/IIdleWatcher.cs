namespace Headgate.Proxy.Transport;

/// <summary>Who is told that a parked connection ended while nobody used it.</summary>
internal interface IIdleWatcher
{
    /// <summary>
    /// The peer closed, reset or spoke out of turn, or the idle deadline passed. Called once for each time of being parked at most, on any thread; never blocks.
    /// </summary>
    void OnIdleEnded();
}
