using Microsoft.Win32.SafeHandles;

namespace Headgate.Proxy.Files;

/// <summary>
/// A file that is read when it is another one than the last time, by time and length of what the path leads to: links are followed each time, so that one that is set anew (as Kubernetes
/// mounts files) is seen. One caller at a time; reads on the caller's thread, which must not be one that serves traffic.
/// </summary>
/// <param name="path">Where it is.</param>
/// <param name="bytesMax">Longest file that is read.</param>
/// <param name="time">Clock that the file's time is compared with.</param>
internal sealed class ChangedFile(string path, int bytesMax, TimeProvider time)
{
    // The time of a file counts in steps of milliseconds: one that was written just now may be written again within the same step.
    private static readonly TimeSpan Unsettled = TimeSpan.FromSeconds(1);

    private (DateTime WrittenAt, long Bytes)? _seen;

    /// <summary>What it holds; null when it is still the one that was read last.</summary>
    /// <exception cref="IOException">It cannot be read, or is too long. The next time it is read whatever it is.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? ReadIfChanged()
    {
        (DateTime, long)? before = _seen;
        _seen = null;
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        (DateTime WrittenAt, long Bytes) stamp = (File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        if (stamp.Bytes > bytesMax)
            throw new IOException($"it has {stamp.Bytes} bytes; at most {bytesMax} are read");
        byte[]? read = stamp == before ? null : Read(file, (int)stamp.Bytes);
        if (read is null || time.GetUtcNow().UtcDateTime - stamp.WrittenAt > Unsettled)
            _seen = stamp;
        return read;
    }

    /// <summary>Not beyond the length that the stamp tells of: what is written meanwhile changes the stamp.</summary>
    private static byte[] Read(SafeFileHandle file, int length)
    {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length)
        {
            int read = RandomAccess.Read(file, bytes.AsSpan(filled), filled);
            if (read == 0)
                break; // it has become shorter
            filled += read;
        }

        return bytes[..filled];
    }
}
