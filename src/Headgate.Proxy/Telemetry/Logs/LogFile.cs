using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>
/// A file that lines are added to, or standard output. Opened when it is first written to, and anew after each failure and <see cref="Close"/>. Blocks; one thread at a time.
/// </summary>
internal sealed class LogFile(string path, ILogger logger) : IDisposable
{
    private const string StandardOutput = "/dev/stdout";

    private Stream? _stream;
    private bool _fails;

    /// <summary>Writes whole lines; false when that failed and they are lost. A failure is logged once, until it works again.</summary>
    public bool TryWrite(ReadOnlySpan<byte> lines)
    {
        try
        {
            _stream ??= Open();
            if (_stream.CanSeek)
                _stream.Seek(0, SeekOrigin.End); // others may write to it too, or have cut it short
            _stream.Write(lines);
            _stream.Flush();
            _fails = false;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (!_fails)
                LogsLog.NotWritten(logger, path, error.Message);
            _fails = true;
            Close();
            return false;
        }
    }

    /// <summary>Closes it; the next write opens what is then at the path.</summary>
    public void Close()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // Everything was written before, or its failure was logged.
        }

        _stream = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private Stream Open()
    {
        if (path == StandardOutput)
            return Console.OpenStandardOutput();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }
}
