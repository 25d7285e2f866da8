using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Settings;

/// <summary>The access log.</summary>
internal sealed record AccessLogSettings
{
    /// <summary>Whether there is one. APISIX has it on; here it costs whoever does not ask for it nothing.</summary>
    public bool Enable { get; init; }

    /// <summary>File, relative to the working directory.</summary>
    public string Path { get; init; } = "logs/access.log";

    /// <summary>What lines look like.</summary>
    public AccessLogStyle Style { get; init; }

    /// <summary>Template of a line.</summary>
    public string Template { get; init; } = LogFormat.Default;

    /// <summary>How values stand in the template.</summary>
    public LogEscape Escape { get; init; }

    /// <summary>Bytes that wait to be written, for each event loop and once for all else.</summary>
    public int BufferBytes { get; init; } = 1 << 20;

    /// <summary>How a request is written.</summary>
    public LogFormat Format => Style == AccessLogStyle.Json ? LogFormat.Json : LogFormat.Template(Template.TrimEnd('\n'), Escape);

    /// <summary>As the data plane takes it; null = there is none.</summary>
    public AccessLogOptions? Options => Enable ? new AccessLogOptions(Path, Format, BufferBytes) : null;
}
