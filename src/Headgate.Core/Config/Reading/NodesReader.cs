using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>nodes</c> in both forms: a map <c>"host:port" → weight</c>, or a list of node objects.</summary>
internal static class NodesReader
{
    // The validator tries both forms and only says that neither fits.
    private const string Verdict = "object matches none of the required";

    public static EquatableArray<NodeConfig> Read(ObjectReader upstream, UpstreamScheme scheme)
    {
        if (!upstream.TryGet("nodes", out JsonElement value))
            return [];

        Location at = upstream.At.Property("nodes").WithVerdict(Verdict);
        var nodes = new NodeList(upstream, scheme);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty entry in value.EnumerateObject())
                    ReadEntry(entry, at, nodes);
                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                    ReadItem(item, at.Item(index++), nodes);
                break;
            default:
                JsonValues.WrongType("object or array", value, at, upstream.Findings);
                break;
        }

        return nodes.ToArray();
    }

    private static void ReadEntry(JsonProperty entry, Location nodesAt, NodeList nodes)
    {
        string address = entry.Name;
        Location at = nodesAt.Key(address);
        int? weight = JsonValues.Integer(entry.Value, at, nodes.Findings, 0);
        SplitAddress(address, out string host, out string? writtenPort);
        int? port = null;
        if (writtenPort is not null)
        {
            port = ParsePort(writtenPort);
            if (port is null)
            {
                nodes.Findings.Add(Phase.Check, at, $"invalid port {LuaText.Clip(writtenPort)} ({at.Path}; allowed: 1 to 65535)");
                return;
            }
        }

        if (weight is { } w)
            nodes.Add(at, host, port, w, 0, maxRequests: null, []);
    }

    private static void ReadItem(JsonElement item, Location at, NodeList nodes)
    {
        if (ObjectReader.Open(item, at, nodes.Findings) is not { } reader)
            return;

        string? host = reader.Host("host");
        if (host is null)
            reader.Require("host");
        int? port = reader.Integer("port", 1, 65535);
        int? weight = reader.Integer("weight", 0);
        if (weight is null)
            reader.Require("weight");
        int? priority = reader.Integer("priority");
        int? maxRequests = reader.Integer("max_requests", 1);
        EquatableArray<MetadataEntry> metadata = NodeMetadataReader.Read(reader, "metadata");
        reader.WarnOthers();
        if (host is not null && weight is { } w && (port is not null || !reader.Has("port")))
            nodes.Add(at, host, port, w, priority ?? 0, maxRequests, metadata);
    }

    /// <summary>Splits <c>host:port</c> at its last colon; an IPv6 address, in brackets or not, keeps its own colons.</summary>
    private static void SplitAddress(string address, out string host, out string? port)
    {
        (host, port) = (address, null);
        int colon = address.LastIndexOf(':');
        bool bracketed = address.StartsWith('[');
        bool hasPort = bracketed ? colon > 0 && address[colon - 1] == ']' : colon >= 0 && address.IndexOf(':', StringComparison.Ordinal) == colon;
        if (hasPort)
            (host, port) = (address[..colon], address[(colon + 1)..]);
    }

    private static int? ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535 ? port : null;

    /// <summary>The nodes found so far, each checked against those before it.</summary>
    private sealed class NodeList(ObjectReader upstream, UpstreamScheme scheme)
    {
        private readonly ImmutableArray<NodeConfig>.Builder _nodes = ImmutableArray.CreateBuilder<NodeConfig>();
        private readonly Dictionary<(string Host, int Port), Location> _seen = [];

        public Findings Findings => upstream.Findings;

        public void Add(Location at, string host, int? port, int weight, int priority, int? maxRequests, EquatableArray<MetadataEntry> metadata)
        {
            if (!CheckHost(at, host))
                return;

            int? effective = port ?? scheme.StandardPort();
            if (effective is not { } p)
            {
                Findings.Add(Phase.Own, at, $"{at.Path} has no port, and the scheme {scheme.ToString().ToLowerInvariant()} has no standard one");
                return;
            }

            string lowered = host.ToLowerInvariant();
            if (_seen.TryAdd((lowered, p), at))
            {
                _nodes.Add(new NodeConfig(lowered, p, weight, priority, maxRequests) { Metadata = metadata });
                return;
            }

            string first = _seen[(lowered, p)].Path;
            Findings.Add(Phase.Own, at, string.Create(
                CultureInfo.InvariantCulture,
                $"{at.Path} is the same node as {first}, {lowered}:{p}; write it once, with the sum of the weights"));
        }

        public EquatableArray<NodeConfig> ToArray() => new(_nodes.DrainToImmutable());

        private bool CheckHost(Location at, string host)
        {
            if (HostNames.IsName(host) || (host.Length > 2 && host[0] == '[' && host[^1] == ']' && HostNames.IsIPv6(host.AsSpan(1, host.Length - 2))))
                return true;

            if (HostNames.IsIPv6(host))
            {
                // A top-level upstream is asked this before its schema, an inline one after that of its owner.
                Findings.Add(
                    upstream.At.IsRoot ? Phase.Early : Phase.Check,
                    at,
                    $"invalid configuration: IPv6 address must be enclosed with '[' and ']' ({at.Path}: write [{host}])");
                return false;
            }

            Findings.Add(
                Phase.Own,
                at,
                $"{at.Path}: {LuaText.Quote(host)} is no host; allowed: a name, an IPv4 address, an IPv6 address in brackets");
            return false;
        }
    }
}
