using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads <c>discovery.dns</c> and <c>dns_config</c>.</summary>
internal static class DnsConfigReader
{
    private const int StandardPort = 53;

    private static readonly ImmutableArray<string> Steps = ["last", "SRV", "A", "AAAA", "CNAME"];

    public static DnsConfig? Read(JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        bool hasServers = reader.Has("servers");
        if (hasServers == reader.Has("resolv_conf"))
        {
            string found = hasServers ? "matches both schemas 1 and 2" : "matches none";
            findings.Schema(at, $"value should match only one schema, but {found} (give either servers or resolv_conf)");
        }

        ImmutableArray<IPEndPoint>? servers = reader.Items<IPEndPoint>("servers", 1, unique: false, Server);
        string? file = reader.Text("resolv_conf", 1);
        ImmutableArray<DnsStep>? order = reader.Items<DnsStep>("order", 1, unique: true, Step);
        if (order is [DnsStep.Last])
            findings.Schema(at.Property("order"), "last alone finds nothing; give a type beside it (SRV, A, AAAA, CNAME)");
        reader.ForbidOthers();
        var config = new DnsConfig { Servers = new EquatableArray<IPEndPoint>(servers ?? []), ResolvConf = file };
        return findings.HasErrors ? null : order is { } steps ? config with { Order = new EquatableArray<DnsStep>(steps) } : config;
    }

    private static bool Server(JsonElement value, Location at, Findings findings, out IPEndPoint item)
    {
        item = new IPEndPoint(IPAddress.None, StandardPort);
        if (JsonValues.Text(value, at, findings) is not { } text)
            return false;

        if (TryServer(text, out item))
            return true;
        findings.Schema(at, $"{LuaText.Quote(text)} is no name server; use an address such as 1.1.1.1 or 127.0.0.1:8600");
        return false;
    }

    /// <summary>An address, with or without a port.</summary>
    private static bool TryServer(string text, out IPEndPoint server)
    {
        ushort port = StandardPort;
        bool good = TryAddress(text, out IPAddress address);
        if (!good && text.LastIndexOf(':') is var colon and > 0)
        {
            good = TryAddress(text[..colon], out address)
                && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;
        }

        server = new IPEndPoint(good ? address : IPAddress.None, port);
        return good;
    }

    /// <summary>IPv4 as four plain numbers ("1" and "0x7f.1" are addresses to others), or IPv6, in brackets or not.</summary>
    private static bool TryAddress(string text, out IPAddress address)
    {
        string bare = text is ['[', .. string inner, ']'] && HostNames.IsIPv6(inner) ? inner : text;
        return IPAddress.TryParse(bare, out address!) && (HostNames.IsIPv6(bare) || address.ToString() == bare);
    }

    private static bool Step(JsonElement value, Location at, Findings findings, out DnsStep item)
    {
        int index = JsonValues.Choice(value, at, findings, Steps) is { } text ? Steps.IndexOf(text) : -1;
        item = (DnsStep)Math.Max(index, 0);
        return index >= 0;
    }
}
