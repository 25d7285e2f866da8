using System.Buffers;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Control.ControlApi;

/// <summary>Writes what health checks have found, shaped as APISIX shows it.</summary>
internal static class HealthJson
{
    /// <summary>An array of all.</summary>
    public static AdminResponse All(IReadOnlyList<ServedUpstream> upstreams)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (ServedUpstream upstream in upstreams)
            {
                writer.WriteStartObject();
                WriteMembers(writer, upstream);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        buffer.Write("\n"u8);
        return AdminResponse.Raw(200, buffer.WrittenMemory);
    }

    /// <summary>One of them.</summary>
    public static AdminResponse One(ServedUpstream upstream) => AdminResponse.Object(200, upstream, WriteMembers);

    private static void WriteMembers(Utf8JsonWriter writer, ServedUpstream upstream)
    {
        ActiveCheckConfig checks = upstream.Upstream.Config.Checks!.Active;
        writer.WriteString("name", $"{ResourceKinds.DefaultPrefix}/{upstream.Owner}");
        writer.WriteString("type", Name(checks.Type));
        if (upstream.Upstream.Nodes.Count == 0)
        {
            // Lua writes an empty list so, and clients are used to it.
            writer.WriteStartObject("nodes");
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray("nodes");
        foreach (NodeSnapshot node in upstream.Upstream.Nodes)
            WriteNode(writer, node.State, checks.Port ?? node.Config.Port);
        writer.WriteEndArray();
    }

    private static void WriteNode(Utf8JsonWriter writer, NodeState node, int port)
    {
        HealthCounters health = node.Health.Counters;
        writer.WriteStartObject();
        writer.WriteString("ip", node.Endpoints is [var first, ..] ? first.Address.Address.ToString() : node.Key.Host);
        writer.WriteNumber("port", port);
        writer.WriteString("hostname", node.Key.Host);
        writer.WriteString("status", Name(health.Status));
        writer.WriteStartObject("counter");
        writer.WriteNumber("success", health.Successes);
        writer.WriteNumber("http_failure", health.HttpFailures);
        writer.WriteNumber("tcp_failure", health.TcpFailures);
        writer.WriteNumber("timeout_failure", health.Timeouts);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Name(HealthCheckType type) => type switch
    {
        HealthCheckType.Https => "https",
        HealthCheckType.Tcp => "tcp",
        HealthCheckType.Grpc => "grpc",
        _ => "http",
    };

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.MostlyHealthy => "mostly_healthy",
        HealthStatus.MostlyUnhealthy => "mostly_unhealthy",
        HealthStatus.Unhealthy => "unhealthy",
        _ => "healthy",
    };
}
