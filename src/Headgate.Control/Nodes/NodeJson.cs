using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Nodes;

/// <summary>Writes what is known about nodes.</summary>
internal static class NodeJson
{
    /// <summary>How a node is named within its upstream: <c>host:port</c>.</summary>
    public static string Name(NodeState node) => $"{node.Key.Host}:{node.Key.Port}";

    /// <summary>All nodes of an upstream.</summary>
    public static AdminResponse All(string owner, UpstreamSnapshot upstream, long nowMs) =>
        AdminResponse.Object(200, (owner, upstream, nowMs), static (writer, state) =>
        {
            writer.WriteString("upstream", state.owner);
            writer.WriteString("type", state.upstream.Config.Type);
            writer.WriteBoolean("checked", state.upstream.Config.Checks is not null);
            writer.WriteNumber("total", state.upstream.Nodes.Count);
            writer.WriteStartArray("nodes");
            foreach (NodeSnapshot node in state.upstream.Nodes)
            {
                writer.WriteStartObject();
                WriteMembers(writer, node, state.nowMs);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });

    /// <summary>One node.</summary>
    public static AdminResponse One(NodeSnapshot node, long nowMs) =>
        AdminResponse.Object(200, (node, nowMs), static (writer, state) => WriteMembers(writer, state.node, state.nowMs));

    /// <summary>What happened to a node, the latest first.</summary>
    public static AdminResponse Timeline(NodeState node) => AdminResponse.Object(200, node, static (writer, state) =>
    {
        IReadOnlyList<NodeChange> changes = state.Changes;
        writer.WriteString("node", Name(state));
        writer.WriteNumber("total", changes.Count);
        writer.WriteNumber("kept_max", NodeTimeline.Length);
        writer.WriteStartArray("timeline");
        foreach (NodeChange change in changes.Reverse())
            WriteChange(writer, change);
        writer.WriteEndArray();
    });

    /// <summary>What happened to all nodes of an upstream, the latest first and no more than <paramref name="limit"/>.</summary>
    public static AdminResponse Timeline(string owner, UpstreamSnapshot upstream, int limit)
    {
        (string Node, NodeChange Change)[] all = [.. upstream.Nodes.SelectMany(static node => node.State.Changes.Reverse().Select(change => (Name(node.State), change)))];
        (string Node, NodeChange Change)[] latest = [.. all.OrderByDescending(static one => one.Change.At).Take(limit)]; // stable: of one moment the later stays first
        return AdminResponse.Object(200, (owner, total: all.Length, latest), static (writer, state) =>
        {
            writer.WriteString("upstream", state.owner);
            writer.WriteNumber("total", state.total);
            writer.WriteNumber("kept_max", NodeTimeline.Length);
            writer.WriteStartArray("timeline");
            foreach ((string node, NodeChange change) in state.latest)
                WriteChange(writer, change, node);
            writer.WriteEndArray();
        });
    }

    /// <summary>One entry of a timeline, as an object. <paramref name="node"/>: whose, where that is not clear.</summary>
    public static void WriteChange(Utf8JsonWriter writer, NodeChange change, string? node = null)
    {
        writer.WriteStartObject();
        if (node is not null)
            writer.WriteString("node", node);
        writer.WriteString("at", change.At.UtcDateTime);
        writer.WriteString("kind", Snake(change.Kind.ToString()));
        writer.WriteString("source", change.Source);
        writer.WriteString("reason", change.Reason);
        writer.WriteEndObject();
    }

    /// <summary>Exclusions as a list of their names.</summary>
    public static void WriteExclusions(Utf8JsonWriter writer, string name, NodeExclusions exclusions) => writer.WriteTexts(name, Names(exclusions));

    /// <summary>Exclusions as they are shown.</summary>
    public static IReadOnlyList<string> Names(NodeExclusions exclusions) =>
        exclusions == NodeExclusions.None ? [] : [.. Enum.GetValues<NodeExclusions>().Where(one => one != NodeExclusions.None && exclusions.HasFlag(one)).Select(Name)];

    /// <summary>An exclusion as it is shown.</summary>
    public static string Name(NodeExclusions one) => Snake(one.ToString());

    /// <summary>What a node gets: <c>up</c> with the others, <c>down</c> only when nothing else is left, <c>out</c> nothing at all.</summary>
    public static string StateOf(NodeState node) => node.IsUsable ? "up" : node.IsWithdrawn ? "out" : "down";

    private static void WriteMembers(Utf8JsonWriter writer, NodeSnapshot node, long nowMs)
    {
        NodeConfig config = node.Config;
        NodeState state = node.State;
        writer.WriteString("node", Name(state));
        writer.WriteString("host", config.Host);
        writer.WriteNumber("port", config.Port);
        writer.WriteNumber("weight", config.Weight);
        writer.WriteNumber("priority", config.Priority);
        writer.WriteString("state", StateOf(state));
        WriteExclusions(writer, "exclusions", state.Exclusions);
        writer.WriteBoolean("forced_up", state.IsForcedUp);
        WriteHealth(writer, state.Health.Counters);
        writer.WriteNumber("in_flight", state.InFlight);
        if (state.Latency.TryGetMs(nowMs, out float latencyMs))
            writer.WriteNumber("latency_ms", Math.Round(latencyMs, 3));
        else
            writer.WriteNull("latency_ms");
        WriteEndpoints(writer, state);
        writer.WritePropertyName("last_change");
        if (state.LatestChange is { } latest)
            WriteChange(writer, latest);
        else
            writer.WriteNullValue();
    }

    private static void WriteHealth(Utf8JsonWriter writer, HealthCounters health)
    {
        writer.WriteStartObject("health");
        writer.WriteString("status", HealthNames.Of(health.Status));
        writer.WriteNumber("success", health.Successes);
        writer.WriteNumber("http_failure", health.HttpFailures);
        writer.WriteNumber("tcp_failure", health.TcpFailures);
        writer.WriteNumber("timeout_failure", health.Timeouts);
        writer.WriteEndObject();
    }

    private static void WriteEndpoints(Utf8JsonWriter writer, NodeState node)
    {
        writer.WriteStartArray("endpoints");
        foreach (EndpointState endpoint in node.Endpoints)
            writer.WriteStringValue(endpoint.Address.ToString());

        writer.WriteEndArray();
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
