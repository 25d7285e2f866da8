using System.Collections.Immutable;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.HttpLogger;

/// <summary><c>http-logger</c>: posts entries of requests, in batches.</summary>
internal sealed class HttpLoggerKind : PluginKind<HttpLoggerConfig>
{
    private static readonly ImmutableArray<string> Methods = ["json", "new_line"];

    /// <inheritdoc/>
    public override string Name => "http-logger";

    /// <inheritdoc/>
    public override int Priority => 410;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields { get; } = ["auth_header"];

    /// <inheritdoc/>
    public override PluginConfig? ReadMetadata(ObjectReader reader) => LoggerReader.Metadata(reader);

    /// <inheritdoc/>
    protected override HttpLoggerConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("uri");
        Uri? uri = SchemaRules.HttpUrl(reader, "uri");
        LoggedBodies bodies = LoggerReader.Bodies(reader);
        var config = new HttpLoggerConfig
        {
            Uri = uri ?? new Uri("http://127.0.0.1/"),
            AuthHeader = reader.Text("auth_header"),
            Timeout = TimeSpan.FromSeconds(reader.Integer("timeout", 1, 3600) ?? 3),
            IsLines = reader.Choice("concat_method", Methods) == "new_line",
            VerifiesTls = reader.Flag("ssl_verify") ?? false,
            LogFormat = LoggerReader.LogFormat(reader, bodies),
            Bodies = bodies,
            Batch = LoggerReader.Batch(reader),
        };
        if (uri?.Scheme == "http" && reader.Has("ssl_verify"))
            SchemaRules.Refuse(reader, "ssl_verify has no effect with an http URL; allowed: without it, or an https URL");
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(HttpLoggerConfig config, PluginServices services) =>
        new LoggerPlugin(new EntryFormat(config, services.Metadata.Of(Name)), new LogQueue(new HttpSink(config), config.Batch, services.Logs, services.Time), config.Bodies);
}
