using System.Globalization;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What the kernel keeps for a connection, as this machine is set.</summary>
internal static class KernelBuffers
{
    /// <summary>What may lie in the kernel between two ends of a connection that nobody has set buffers for: all that one has sent and the other not received. Bytes.</summary>
    public static long OneWayMax { get; } = Max("tcp_wmem") + Max("tcp_rmem");

    private static long Max(string name) => long.Parse(File.ReadAllText($"/proc/sys/net/ipv4/{name}").Split('\t', ' ')[2], CultureInfo.InvariantCulture);
}
