using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Store.Embedded;

/// <summary>The calls of POSIX that .NET has no equal for. The numbers are Linux's.</summary>
internal static partial class PosixFile
{
    private const int ReadWrite = 0x2;
    private const int Create = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int LockRelease = 8;
    private const int WouldBlock = 11; // EAGAIN
    private const int OwnerReadWrite = 0x180; // 0600

    /// <summary>Opens a file for reading and writing, made with mode 0600 when missing. .NET's own open takes a shared lock, which would refuse to read the holder's pid.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenUnlocked(string path)
    {
        int descriptor = Open(path, ReadWrite | Create | CloseOnExec, OwnerReadWrite);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastError(path);
    }

    /// <summary>Takes the exclusive lock of an open file; false when somebody else has it. The kernel gives it back when the process ends, however it ends.</summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        if (Lock(file, LockExclusive | LockNonBlocking) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == WouldBlock ? false : throw LastError(path);
    }

    /// <summary>
    /// Gives the lock back. Closing the file is not enough: a child process that this one is starting at that instant holds a copy of it until it runs its own program.
    /// </summary>
    public static void Unlock(SafeFileHandle file) => _ = Lock(file, LockRelease);

    /// <summary>Makes the names in a directory durable: a new file is safe only when its directory is, too.</summary>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void FlushDirectory(string path)
    {
        int descriptor = Open(path, CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw LastError(path);
        }

        using SafeFileHandle directory = new(descriptor, ownsHandle: true);
        if (Flush(directory) != 0)
        {
            throw LastError(path);
        }
    }

    private static IOException LastError(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{path}: {new Win32Exception(error).Message}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(SafeFileHandle file);
}
