using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Json;

/// <summary>Members that many answers have.</summary>
internal static class JsonMembers
{
    /// <summary>Writes an array of texts, in their order.</summary>
    public static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>Writes an array of problems of a configuration, each with where it is, in their order.</summary>
    public static void WriteProblems(this Utf8JsonWriter writer, string name, IReadOnlyList<ConfigError> problems)
    {
        writer.WriteStartArray(name);
        foreach (ConfigError problem in problems)
        {
            writer.WriteStartObject();
            writer.WriteString("path", problem.Path);
            writer.WriteString("message", problem.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
