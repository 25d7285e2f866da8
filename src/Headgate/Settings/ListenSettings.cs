using System.Net;

namespace Headgate.Settings;

/// <summary>Where to listen.</summary>
/// <param name="Ip">Address; null = every address of the machine.</param>
/// <param name="Port">0 to 65535; 0 = any free one.</param>
internal sealed record ListenSettings(IPAddress? Ip, int Port)
{
    /// <summary>Whether HTTP/2 is spoken here; null = <see cref="GatewaySettings.EnableHttp2"/>.</summary>
    public bool? Http2 { get; init; }
}
