using System.Runtime.InteropServices;

namespace Headgate.Hosting;

/// <summary>
/// Ctrl-C (SIGINT) and SIGTERM: the first asks for an orderly stop, a second one ends the process at once, by the system's own way.
/// That is safe at any time: what was answered is in the store.
/// </summary>
internal sealed class ShutdownSignals : IDisposable
{
    /// <summary>Wrappers such as timeout(1) send one wish twice, to the process and to its group; only a later signal is a second wish.</summary>
    private static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _requested = new();
    private readonly TimeProvider _time;
    private readonly PosixSignalRegistration[] _registrations;
    private long _firstAt;

    /// <summary>Listens from now on.</summary>
    public ShutdownSignals(TimeProvider time)
    {
        _time = time;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _requested.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        bool first = !_requested.IsCancellationRequested;
        if (first)
            _firstAt = _time.GetTimestamp();
        if (!first && _time.GetElapsedTime(_firstAt) > SameSignal)
            return;
        context.Cancel = true;
        if (first)
            _requested.Cancel();
    }
}
