using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads a route.</summary>
internal static class RouteReader
{
    public static RouteConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        RouteRules.CheckBeforeSchema(reader);
        var config = new RouteConfig
        {
            Id = id,
            Name = MetadataReader.ReadName(reader),
            Uris = UrisReader.Read(reader),
            Hosts = HostsReader.ReadOneOrMany(reader),
            Methods = new EquatableArray<string>(reader.Items<string>("methods", 0, unique: true, ItemReaders.Method) ?? []),
            RemoteAddrs = ReadRemoteAddrs(reader),
            Priority = reader.Integer("priority") ?? 0,
            Enabled = StatusReader.Read(reader),
            Timeout = TimeoutReader.Read(reader),
            EnableWebsocket = reader.Flag("enable_websocket"),
            Upstream = reader.TryGet("upstream", out JsonElement upstream)
                ? UpstreamReader.Read($"routes/{id}", upstream, reader.At.Property("upstream"), findings)
                : null,
            UpstreamId = reader.Id("upstream_id"),
            ServiceId = reader.Id("service_id"),
            PluginConfigId = reader.Id("plugin_config_id"),
            Plugins = PluginsReader.Read(reader, out EquatableArray<string> unknown),
            UnknownPlugins = unknown,
            Vars = reader.Vars("vars"),
        };
        LuaRefusal.Check(reader, "filter_func");
        LuaRefusal.Check(reader, "script");
        LuaRefusal.Check(reader, "script_id");
        reader.ForbidOthers();
        RouteRules.CheckSchema(reader);
        return config;
    }

    private static EquatableArray<string> ReadRemoteAddrs(ObjectReader reader)
    {
        ImmutableArray<string> many = reader.Items<string>("remote_addrs", 1, unique: true, ItemReaders.Address) ?? [];
        if (!reader.TryGet("remote_addr", out JsonElement one))
            return new EquatableArray<string>(many);

        return ItemReaders.Address(one, reader.At.Property("remote_addr"), reader.Findings, out string address) ? [address] : [];
    }
}
