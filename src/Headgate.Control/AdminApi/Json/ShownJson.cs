using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Json;

/// <summary>What of a stored object the Admin API gives back. All of it, but for the private keys of certificate objects, which APISIX does not give back either.</summary>
internal static class ShownJson
{
    /// <summary>The object without what is not given back.</summary>
    public static ReadOnlyMemory<byte> Of(ResourceKind kind, ReadOnlyMemory<byte> stored)
    {
        if (kind != ResourceKind.Ssl)
            return stored;
        using JsonDocument document = JsonDocument.Parse(stored);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return stored;
        return JsonText.Build(document.RootElement, static (writer, value) =>
        {
            writer.WriteStartObject();
            foreach ((string name, JsonElement member) in JsonText.Members(value))
            {
                if (name is "key" or "keys")
                    continue;
                writer.WritePropertyName(name);
                JsonText.Copy(writer, member);
            }

            writer.WriteEndObject();
        });
    }
}
