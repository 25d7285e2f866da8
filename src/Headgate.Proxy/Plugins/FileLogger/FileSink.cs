using Headgate.Proxy.Plugins.Loggers;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.FileLogger;

/// <summary>Writes entries to a file that others may write to as well.</summary>
internal sealed class FileSink(string path, LogFile file) : ILogSink
{
    /// <inheritdoc/>
    public string Name => $"file {path}";

    /// <inheritdoc/>
    public ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken)
    {
        lock (file)
            return new(file.TryWrite(entries.Span) ? null : "it cannot be written");
    }
}
