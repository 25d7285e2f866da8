using System.Runtime.InteropServices;

namespace Headgate.Hosting;

/// <summary>SIGUSR1, by which those who rotate logs have them opened anew, as with nginx.</summary>
internal sealed class ReopenSignal : IDisposable
{
    // POSIX gives it no number; Linux does, on x86 and Arm alike.
    private const PosixSignal User1 = (PosixSignal)10;

    private readonly PosixSignalRegistration _registration;

    /// <summary>Listens from now on.</summary>
    public ReopenSignal(Action reopen) => _registration = PosixSignalRegistration.Create(User1, context =>
    {
        context.Cancel = true;
        reopen();
    });

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();
}
