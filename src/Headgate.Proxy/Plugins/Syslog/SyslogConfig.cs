using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.Syslog;

/// <summary>Configuration of <c>syslog</c>. Source: APISIX, <c>apisix/plugins/syslog.lua</c>.</summary>
public sealed record SyslogConfig : LoggerConfig
{
    /// <summary>Name or address of the server.</summary>
    public required string Host { get; init; }

    /// <summary>Its port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>Whether entries go by UDP, a datagram each; if not, by TCP.</summary>
    public bool IsUdp { get; init; }

    /// <summary>Whether TCP is encrypted. The server's certificate is not verified, as in APISIX.</summary>
    public bool IsTls { get; init; }

    /// <summary>Time for connecting and sending a batch, from 1 ms.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Bytes of entries that wait at most; further ones are dropped.</summary>
    public int DropLimit { get; init; } = 1_048_576;

    /// <summary>How entries are sent together.</summary>
    public required BatchConfig Batch { get; init; }
}
