using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.FileLogger;

/// <summary><c>file-logger</c>: writes an entry for each request to a file.</summary>
internal sealed class FileLoggerKind : PluginKind<FileLoggerConfig>
{
    // Written at once, but for what comes while the last is being written.
    private static readonly BatchConfig AtOnce = new() { InactiveTimeout = TimeSpan.Zero, BatchMaxSize = int.MaxValue };

    /// <inheritdoc/>
    public override string Name => "file-logger";

    /// <inheritdoc/>
    public override int Priority => 399;

    /// <inheritdoc/>
    public override PluginConfig? ReadMetadata(ObjectReader reader) => LoggerReader.Metadata(reader, hasPath: true);

    /// <inheritdoc/>
    protected override FileLoggerConfig? ReadConfig(ObjectReader reader)
    {
        string? path = reader.Text("path", 1, 4096);
        if (!reader.Has("path"))
            reader.Findings.Warn(reader.At, $"{reader.At.Path}.path is not there: entries go to the path in the plugin's metadata, and are dropped without one");
        if (reader.TryGet("match", out _))
            SchemaRules.Refuse(reader, "match is not there yet; allowed: _meta.filter");
        LoggedBodies bodies = LoggerReader.Bodies(reader);
        var config = new FileLoggerConfig(path) { LogFormat = LoggerReader.LogFormat(reader, bodies), Bodies = bodies };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(FileLoggerConfig config, PluginServices services) => new LoggerPlugin(
        new EntryFormat(config, services.Metadata.Of(Name)), new LogQueue(new FileSink(config.Path, services.Metadata.Of(Name), services.Logs), AtOnce, services.Logs, services.Time),
        config.Bodies);
}
