using System.Collections.Immutable;
using System.Globalization;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Loggers;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.Syslog;

/// <summary><c>syslog</c>: sends entries of requests to a syslog server (RFC 5424).</summary>
internal sealed class SyslogKind : PluginKind<SyslogConfig>
{
    private static readonly ImmutableArray<string> SocketTypes = ["tcp", "udp"];

    // Facility 5 (syslog), severity 6 (informational), and the client's Host as the name of the host: as APISIX.
    private static readonly LogFormat Header =
        LogFormat.Template(string.Create(CultureInfo.InvariantCulture, $"<46>1 $time_rfc3339 $host apisix {Environment.ProcessId} - - "), LogEscape.Default);

    /// <inheritdoc/>
    public override string Name => "syslog";

    /// <inheritdoc/>
    public override int Priority => 401;

    /// <inheritdoc/>
    public override PluginConfig? ReadMetadata(ObjectReader reader) => LoggerReader.Metadata(reader);

    /// <inheritdoc/>
    protected override SyslogConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("host");
        reader.Require("port");
        LoggedBodies bodies = LoggerReader.Bodies(reader);
        var config = new SyslogConfig
        {
            Host = reader.Text("host", 1, 253) ?? "",
            Port = reader.Integer("port", 1, 65535) ?? 0,
            IsUdp = reader.Choice("sock_type", SocketTypes) == "udp",
            IsTls = reader.Flag("tls") ?? false,
            Timeout = TimeSpan.FromMilliseconds(reader.Integer("timeout", 1, 3_600_000) ?? 3000),
            DropLimit = reader.Integer("drop_limit", 1, 1 << 30) ?? 1_048_576,
            LogFormat = LoggerReader.LogFormat(reader, bodies),
            Bodies = bodies,
            Batch = LoggerReader.Batch(reader),
        };
        if (config is { IsUdp: true, IsTls: true })
            SchemaRules.Refuse(reader, "tls has no effect with sock_type udp; allowed: without it, or sock_type tcp");
        WarnOfNoEffect(reader, "flush_limit", 1, "a batch is sent whole");
        WarnOfNoEffect(reader, "pool_size", 5, "a configured plugin has one connection");
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(SyslogConfig config, PluginServices services) => new LoggerPlugin(
        new EntryFormat(config, services.Metadata.Of(Name), Header),
        new LogQueue(SinkOf(config, services), config.Batch, services.Logs, services.Time, config.DropLimit),
        config.Bodies);

    private static ILogSink SinkOf(SyslogConfig config, PluginServices services) =>
        config.IsUdp ? new DatagramSink(config) : new StreamSink(config, services.Time, services.Logs.Stopping);

    private static void WarnOfNoEffect(ObjectReader reader, string name, int min, string why)
    {
        Location at = reader.At.Property(name);
        if (reader.Integer(name, min) is not null)
            reader.Findings.Warn(at, $"{at.Path} has no effect: {why}");
    }
}
