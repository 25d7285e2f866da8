using Headgate.Core.Discovery;
using Microsoft.Win32.SafeHandles;

namespace Headgate.Proxy.Registries.FileRegistry;

/// <summary>The file of services. Links are followed each time, so that a file behind one that is set anew (as Kubernetes mounts them) is seen. Thread-safe.</summary>
/// <param name="path">Where it is.</param>
internal sealed class WatchedServices(string path)
{
    private const int BytesMax = 64 * 1024 * 1024;

    /// <summary>The file as it is now; its bytes are null when it is still the one that was <paramref name="seen"/>.</summary>
    /// <exception cref="RegistryException">It cannot be read.</exception>
    public async Task<(FileStamp Stamp, byte[]? Read)> ReadAsync(FileStamp? seen, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // opening may block
        try
        {
            using SafeFileHandle handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
            var stamp = new FileStamp(System.IO.File.GetLastWriteTimeUtc(handle), RandomAccess.GetLength(handle), IsSettled: true);
            if (stamp.Bytes > BytesMax)
                throw new RegistryException($"{path} has {stamp.Bytes} bytes; allowed: {BytesMax}");
            return stamp == seen ? (stamp, null) : (stamp, await ReadAsync(handle, (int)stamp.Bytes, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RegistryException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Not beyond the length that the stamp tells of: what is written meanwhile changes the stamp.</summary>
    private static async Task<byte[]> ReadAsync(SafeFileHandle handle, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length)
        {
            int read = await RandomAccess.ReadAsync(handle, bytes.AsMemory(filled), filled, cancellationToken);
            if (read == 0)
                break; // it has become shorter
            filled += read;
        }

        return bytes[..filled];
    }
}
