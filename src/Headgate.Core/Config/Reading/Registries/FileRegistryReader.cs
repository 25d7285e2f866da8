using System.Text.Json;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads where the file of a registry of type <c>file</c> is.</summary>
internal static class FileRegistryReader
{
    private const int PathMax = 4096;

    public static FileRegistryConfig? Read(JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        reader.Require("path");
        var config = new FileRegistryConfig { Path = reader.Text("path", 1, PathMax) ?? "" };
        config = config with { DefaultWeight = reader.Integer("default_weight", 0) ?? config.DefaultWeight };
        reader.ForbidOthers();
        return config.Path.Length == 0 ? null : config;
    }
}
