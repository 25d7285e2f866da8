using Headgate.Core.Plugins;
using Headgate.Proxy.Plugins.Loggers;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.FileLogger;

/// <summary>Writes entries to a file that others may write to as well. <paramref name="path"/>: null = that of the metadata, as it is at each batch.</summary>
internal sealed class FileSink(string? path, PluginMetadataSlot metadata, LogShipping shipping) : ILogSink
{
    private (string? Path, LogFile? File) _latest;

    /// <inheritdoc/>
    public string Name => $"file {PathNow ?? "(none)"}";

    private string? PathNow => path ?? (metadata.Current as LoggerMetadata)?.Path;

    /// <inheritdoc/>
    public ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken)
    {
        if (PathNow is not { } now)
            return new("property \"path\" is set in neither the plugin's configuration nor its metadata");
        if (_latest.Path != now)
            _latest = (now, shipping.File(now));
        LogFile file = _latest.File!;
        lock (file)
            return new(file.TryWrite(entries.Span) ? null : "it cannot be written");
    }
}
