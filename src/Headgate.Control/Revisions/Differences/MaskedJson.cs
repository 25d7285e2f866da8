using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Revisions.Audit;
using Headgate.Core.Config;
using Headgate.Store.Protection;

namespace Headgate.Control.Revisions.Differences;

/// <summary>
/// Stored objects in a form in which two of them can be compared and shown without their secrets: in the place of each secret stands a hash that is never given out. What is no JSON,
/// because another program wrote it, is secret as a whole: nobody can say where in it secrets are.
/// </summary>
internal static class MaskedJson
{
    /// <summary>Begins what stands for a secret. No text of a person begins so.</summary>
    private const string Mark = "\u0001secret:";

    /// <summary>Of this process: a hash is good for a comparison within one answer, and tells nothing even if one should get out.</summary>
    private static readonly byte[] Salt = RandomNumberGenerator.GetBytes(32);

    /// <summary>The object; null for none.</summary>
    public static JsonElement? Of(string key, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } json)
            return null;
        if (ResourceKinds.TryParseKey(key, out ResourceKind kind, out string id))
            json = SecretFields.Replace(kind, id, json, static (_, text) => Hidden(Encoding.UTF8.GetBytes(text)));
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (AuditKinds.Of(key) is { Kind.Secret: { } secret })
                return JsonElement.Parse(JsonText.Build((document.RootElement, secret), static (writer, state) => WriteWithout(writer, state.RootElement, state.secret)).Span);
            return JsonElement.Parse(JsonText.Build(document.RootElement, JsonText.Copy).Span); // half a surrogate pair shows here
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return JsonElement.Parse($"\"{JsonEncodedText.Encode(Hidden(json.Span))}\"");
        }
    }

    /// <summary>Whether the value is a secret, and nothing else.</summary>
    public static bool IsSecret(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && (text.StartsWith(Mark, StringComparison.Ordinal) || text.StartsWith(KeyRing.Mark, StringComparison.Ordinal));

    /// <summary>Writes the value with <see cref="SecretFields.Redacted"/> in the place of every secret.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(IsSecret(value) ? SecretFields.Redacted : value.GetString());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>A record whose member <paramref name="secret"/> is one, whatever is in it; what is no record is one as a whole.</summary>
    private static void WriteWithout(Utf8JsonWriter writer, JsonElement record, string secret)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            writer.WriteStringValue(Hidden(Encoding.UTF8.GetBytes(record.GetRawText())));
            return;
        }

        writer.WriteStartObject();
        foreach ((string name, JsonElement member) in JsonText.Members(record))
        {
            writer.WritePropertyName(name);
            if (name == secret)
                writer.WriteStringValue(Hidden(Encoding.UTF8.GetBytes(member.GetRawText())));
            else
                JsonText.Copy(writer, member);
        }

        writer.WriteEndObject();
    }

    private static string Hidden(ReadOnlySpan<byte> secret) => Mark + Convert.ToHexStringLower(HMACSHA256.HashData(Salt, secret));
}
