using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads a service.</summary>
internal static class ServiceReader
{
    public static ServiceConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        var config = new ServiceConfig
        {
            Id = id,
            Name = MetadataReader.ReadName(reader),
            Hosts = HostsReader.Read(reader),
            Upstream = reader.TryGet("upstream", out JsonElement upstream)
                ? UpstreamReader.Read($"services/{id}", upstream, reader.At.Property("upstream"), findings)
                : null,
            UpstreamId = reader.Id("upstream_id"),
            EnableWebsocket = reader.Flag("enable_websocket"),
            Plugins = PluginsReader.Read(reader, out EquatableArray<string> unknown),
            UnknownPlugins = unknown,
        };
        LuaRefusal.Check(reader, "script");
        reader.ForbidOthers();
        return config;
    }
}
