using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads gateway groups, and the workspaces in them.</summary>
internal static class GatewayGroupReader
{
    private const int NameMax = 1024;

    public static GatewayGroupConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        string? name = ReadAbout(reader);
        reader.ForbidOthers();
        return new GatewayGroupConfig { Id = id, Name = name ?? id };
    }

    public static WorkspaceConfig? ReadWorkspace(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        string? name = ReadAbout(reader);
        var config = new WorkspaceConfig { Id = id, Name = name ?? id, Hosts = HostsReader.Read(reader) };
        reader.ForbidOthers();
        return config;
    }

    private static string? ReadAbout(ObjectReader reader)
    {
        reader.Id("id");
        string? name = reader.Text("name", 1, NameMax);
        reader.Require("name");
        MetadataReader.CheckAbout(reader);
        return name;
    }
}
