using System.Buffers;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>How a service registry is reached, in APISIX's form. Read by the reader that reads service registry connections, so that both have one set of rules.</summary>
/// <param name="type">One of <see cref="RegistryTypes.All"/>.</param>
internal sealed class RegistryForm(string type) : SettingForm<RegistrySetting?>
{
    /// <inheritdoc/>
    public override string Allowed => $"the settings of a registry of type {type}";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out RegistrySetting? value)
    {
        var errors = new ConfigErrors();
        using (JsonDocument document = Json(node))
        {
            RegistryConfig? config = ConfigParser.ParseRegistry(type, document.RootElement, errors);
            value = config is null ? null : new RegistrySetting(config, RegistrySecrets.Redact(document.RootElement.GetRawText()));
        }

        foreach (ConfigError error in errors.Errors)
            problems.Error(node.Origin, Join(path, error.Path), error.Message);
        foreach (ConfigError warning in errors.Warnings)
            problems.Warning(node.Origin, Join(path, warning.Path), warning.Message);
        return value is not null;
    }

    /// <inheritdoc/>
    public override string Show(RegistrySetting? value) => "";

    private static string Join(string path, string member) => member.Length == 0 || member[0] == '[' ? path + member : $"{path}.{member}";

    private static JsonDocument Json(SettingNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, node);
        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter writer, SettingNode node)
    {
        switch (node)
        {
            case SettingNode.Map map:
                writer.WriteStartObject();
                foreach (SettingEntry entry in map.Entries.Where(static entry => !entry.Value.IsNull))
                {
                    writer.WritePropertyName(entry.Key);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case SettingNode.List list:
                writer.WriteStartArray();
                foreach (SettingNode item in list.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case SettingNode.Scalar { Plain: true } scalar when IsLiteral(scalar.Text):
                writer.WriteRawValue(scalar.Text);
                break;
            case SettingNode.Scalar scalar:
                writer.WriteStringValue(scalar.Text);
                break;
        }
    }

    /// <summary>Whether an unquoted text means the same in JSON: a number, true, false. <c>010</c> and <c>yes</c> are texts there.</summary>
    private static bool IsLiteral(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
