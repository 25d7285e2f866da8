using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.HttpLogger;

/// <summary>Configuration of <c>http-logger</c>. Source: APISIX, <c>apisix/plugins/http-logger.lua</c>.</summary>
public sealed record HttpLoggerConfig : LoggerConfig
{
    /// <summary>Where entries are posted.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Value of Authorization; null = none. A secret.</summary>
    public string? AuthHeader { get; init; }

    /// <summary>Time for a batch, from 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether a batch is lines; if not, it is an array of JSON.</summary>
    public bool IsLines { get; init; }

    /// <summary>Whether the server's certificate is verified.</summary>
    public bool VerifiesTls { get; init; }

    /// <summary>How entries are sent together.</summary>
    public required BatchConfig Batch { get; init; }

    /// <summary>Without the secret, so that a record that reaches a log carries none.</summary>
    public override string ToString() => $"HttpLoggerConfig {{ Uri = {Uri} }}";
}
