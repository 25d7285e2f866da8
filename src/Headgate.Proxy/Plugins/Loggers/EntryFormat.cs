using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>How entries are written now: as the configuration says, else as the plugin's metadata, else the default. Thread-safe.</summary>
/// <param name="config">The configuration.</param>
/// <param name="metadata">The plugin's metadata.</param>
/// <param name="prefix">What stands before each entry; null = nothing.</param>
internal sealed class EntryFormat(LoggerConfig config, PluginMetadataSlot metadata, LogFormat? prefix = null)
{
    private readonly LogFormat? _own = config.LogFormat.Count == 0 ? null : Behind(prefix, Formats.Custom(config.LogFormat));

    private readonly LogFormat _default = Behind(
        prefix, config.Bodies == LoggedBodies.None ? LogFormat.Json : LogFormat.JsonWith(config.Bodies.RequestBytesMax > 0, config.Bodies.ResponseBytesMax > 0));

    // Written by whoever sees an edit of the metadata first; two who do write the same.
    private volatile Shared? _shared;

    /// <summary>The format. Allocates only behind an edit.</summary>
    public LogFormat Current
    {
        get
        {
            if (_own is not null)
                return _own;
            Shared? shared = _shared;
            PluginConfig? now = metadata.Current;
            if (shared is null || !ReferenceEquals(shared.From, now))
                _shared = shared = new Shared(now, now is LoggerMetadata { LogFormat: { Count: > 0 } members } ? Behind(prefix, Formats.Custom(members)) : _default);
            return shared.Format;
        }
    }

    private static LogFormat Behind(LogFormat? prefix, LogFormat format) => prefix is null ? format : format.Behind(prefix);

    private sealed record Shared(PluginConfig? From, LogFormat Format);
}
