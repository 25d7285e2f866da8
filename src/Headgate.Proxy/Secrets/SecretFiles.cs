using System.Text;
using Headgate.Core.Config;

namespace Headgate.Proxy.Secrets;

/// <summary>Secrets in files, as orchestrators mount them. Thread-safe.</summary>
/// <param name="folders">Folders below which files may be read.</param>
internal sealed class SecretFiles(IReadOnlyList<string> folders)
{
    private const int BytesMax = 1024 * 1024;

    /// <summary>What the file at <paramref name="path"/> below the configured folder holds, without the line feed at its end.</summary>
    /// <exception cref="SecretUnavailableException">It is not allowed, not there, too long, or no UTF-8.</exception>
    public string Read(FileSecretConfig config, string path)
    {
        // The folder may come from whoever may write configuration, who is not to read all that this process can.
        string file = Path.GetFullPath(Path.Combine(config.Folder, path));
        if (!folders.Any(folder => IsBelow(file, folder)) || !IsBelow(file, config.Folder))
            throw new SecretUnavailableException($"{file} is not below a folder that headgate.secret_folders names");
        try
        {
            using FileStream stream = File.OpenRead(file);
            byte[] bytes = new byte[BytesMax + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > BytesMax)
                throw new SecretUnavailableException($"{file} is longer than {BytesMax} bytes");
            string text = new UTF8Encoding(false, true).GetString(bytes, 0, length);
            return text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new SecretUnavailableException($"{file} cannot be read: {e.GetType().Name}", e);
        }
    }

    private static bool IsBelow(string file, string folder) => file.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + '/', StringComparison.Ordinal);
}
