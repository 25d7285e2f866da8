using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Headgate.Proxy.Tests.Transport.Kestrel;

/// <summary>Accepts a connection as an event loop does: by the system call alone.</summary>
internal static class NativeAccept
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>A connection that waits to be accepted; null when there is none.</summary>
    public static Socket? TryAccept(Socket listening)
    {
        int descriptor = Accept4((int)listening.Handle, 0, 0, NonBlocking | CloseOnExec);
        return descriptor < 0 ? null : new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    [DllImport("libc", EntryPoint = "accept4")]
    private static extern int Accept4(int socket, nint address, nint length, int flags);
}
