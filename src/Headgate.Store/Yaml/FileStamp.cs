using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Headgate.Store.Yaml;

/// <summary>
/// By what a file is known to be another one, or to have been written: its number, its size and the time of its last change as the kernel notes it (<c>ctime</c>), which
/// no program sets. The time of the last write would not do: a file that is moved into place may be older than the one that it replaces.
/// </summary>
/// <param name="File">Its number in its file system.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Changed">When it was last changed, or got its name, UTC.</param>
internal readonly partial record struct FileStamp(ulong File, ulong Bytes, DateTimeOffset Changed)
{
    // struct statx of linux/stat.h, the same on every architecture.
    private const int StructBytes = 256;
    private const int FileAt = 32;
    private const int BytesAt = 40;
    private const int ChangedAt = 96;
    private const int CurrentFolder = -100;
    private const uint BasicFields = 0x7ff;

    /// <summary>The stamp of what a path leads to, through links.</summary>
    /// <exception cref="IOException">There is nothing there, or it may not be looked at.</exception>
    public static FileStamp Of(string path)
    {
        Span<byte> found = stackalloc byte[StructBytes];
        if (Statx(CurrentFolder, path, 0, BasicFields, ref MemoryMarshal.GetReference(found)) != 0)
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        long seconds = BinaryPrimitives.ReadInt64LittleEndian(found[ChangedAt..]);
        uint nanoseconds = BinaryPrimitives.ReadUInt32LittleEndian(found[(ChangedAt + sizeof(long))..]);
        DateTimeOffset changed = DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / 100);
        return new FileStamp(BinaryPrimitives.ReadUInt64LittleEndian(found[FileAt..]), BinaryPrimitives.ReadUInt64LittleEndian(found[BytesAt..]), changed);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint fields, ref byte found);
}
