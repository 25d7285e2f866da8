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

    // Written by whoever sees an edit of the metadata first; two who do write the same.
    private volatile Shared _shared = new(null, Behind(prefix, LogFormat.Json));

    /// <summary>The format. Allocates only behind an edit.</summary>
    public LogFormat Current
    {
        get
        {
            if (_own is not null)
                return _own;
            Shared shared = _shared;
            PluginConfig? now = metadata.Current;
            if (!ReferenceEquals(shared.From, now))
                _shared = shared = new Shared(now, Behind(prefix, now is LoggerMetadata { LogFormat: { Count: > 0 } members } ? Formats.Custom(members) : LogFormat.Json));
            return shared.Format;
        }
    }

    private static LogFormat Behind(LogFormat? prefix, LogFormat format) => prefix is null ? format : format.Behind(prefix);

    private sealed record Shared(PluginConfig? From, LogFormat Format);
}
