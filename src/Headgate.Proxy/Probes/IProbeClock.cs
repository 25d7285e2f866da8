namespace Headgate.Proxy.Probes;

/// <summary>Wakes the <see cref="ProbeSchedule"/>: on the threads that its probes run on.</summary>
internal interface IProbeClock : IDisposable
{
    /// <summary>What is called when a time has come; set once, before the first <see cref="WakeIn"/>.</summary>
    Action? Wake { set; }

    /// <summary>Calls <see cref="Wake"/> once in so many milliseconds, or a little later; replaces what was asked for before. Any thread, never blocks.</summary>
    void WakeIn(long milliseconds);
}
