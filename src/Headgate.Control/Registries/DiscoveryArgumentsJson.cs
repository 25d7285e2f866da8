using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Registries;

/// <summary>Discovery arguments in queries and answers.</summary>
internal static class DiscoveryArgumentsJson
{
    private const string MetadataPrefix = "metadata.";

    /// <summary>As a query has them: <c>namespace_id</c>, <c>group_name</c>, <c>datacenter</c>, <c>tag</c> (may be given several times), <c>metadata.KEY</c>.</summary>
    public static DiscoveryArguments Read(IQueryCollection query) => new()
    {
        NamespaceId = Text(query, "namespace_id"),
        GroupName = Text(query, "group_name"),
        Datacenter = Text(query, "datacenter"),
        Tags = [.. query["tag"].OfType<string>()],
        Metadata =
        [
            .. query.Where(static argument => argument.Key.StartsWith(MetadataPrefix, StringComparison.Ordinal))
                .Select(static argument => new MetadataEntry(argument.Key[MetadataPrefix.Length..], argument.Value.ToString())).OrderBy(static entry => entry.Key, StringComparer.Ordinal),
        ],
    };

    /// <summary>Writes <c>discovery_args</c> as an upstream has them; nothing when there are none.</summary>
    public static void Write(Utf8JsonWriter writer, DiscoveryArguments arguments)
    {
        if (arguments == DiscoveryArguments.None)
            return;
        writer.WriteStartObject("discovery_args");
        WriteText(writer, "namespace_id", arguments.NamespaceId);
        WriteText(writer, "group_name", arguments.GroupName);
        WriteText(writer, "datacenter", arguments.Datacenter);
        if (arguments.Tags.Count > 0)
            writer.WriteTexts("tags", arguments.Tags);
        if (arguments.Metadata.Count > 0)
        {
            writer.WriteStartObject("metadata");
            foreach (MetadataEntry entry in arguments.Metadata)
                writer.WriteString(entry.Key, entry.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }

    private static string? Text(IQueryCollection query, string name) => query.TryGetValue(name, out var text) && text.ToString().Length > 0 ? text.ToString() : null;
}
