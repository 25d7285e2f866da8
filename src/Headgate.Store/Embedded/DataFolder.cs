using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Store.Embedded;

/// <summary>
/// The data folder, held by this process alone: made when missing (mode 0700), locked as long as this object lives.
/// The lock is the kernel's (<c>flock</c> on <c>headgate.lock</c>), so that a crash leaves nothing to clean up; the file also says who holds it.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly SafeFileHandle _lock;

    private DataFolder(string path, SafeFileHandle heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }

    /// <summary>Absolute path of the database.</summary>
    public string DatabasePath => System.IO.Path.Combine(Path, "headgate.db");

    /// <summary>Makes the folder when it is missing and takes its lock.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be made or written, or another process holds it.</exception>
    public static DataFolder Open(string path)
    {
        string folder = System.IO.Path.GetFullPath(path);
        try
        {
            Make(folder);
            string lockPath = System.IO.Path.Combine(folder, "headgate.lock");
            SafeFileHandle file = PosixFile.OpenUnlocked(lockPath);
            if (!PosixFile.TryLock(file, lockPath))
            {
                string holder = ReadHolder(file);
                file.Dispose();
                throw new StoreUnavailableException(
                    $"The data folder {folder} is in use by {holder}. Only one process may write it: stop that one, or give this one a folder of its own (headgate.data).");
            }

            WriteHolder(file);
            return new DataFolder(folder, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data folder {folder} cannot be used: {e.Message}. Make it writable for the user that Headgate runs as, or name another one (headgate.data).", e);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        PosixFile.Unlock(_lock);
        _lock.Dispose();
    }

    private static void Make(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        Directory.CreateDirectory(folder, OwnerOnly);
        string? parent = System.IO.Path.GetDirectoryName(folder);
        PosixFile.FlushDirectory(parent ?? folder);
    }

    private static void WriteHolder(SafeFileHandle file)
    {
        RandomAccess.SetLength(file, 0);
        string holder = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n");
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(holder), 0);
    }

    // Empty for an instant after the holder has taken the lock.
    private static string ReadHolder(SafeFileHandle file)
    {
        byte[] text = new byte[256];
        int length = RandomAccess.Read(file, text, 0);
        string holder = Encoding.UTF8.GetString(text, 0, length).Trim();
        return holder.Length > 0 ? holder : "another process";
    }
}
