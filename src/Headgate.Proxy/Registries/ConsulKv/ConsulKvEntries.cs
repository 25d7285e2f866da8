using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;

namespace Headgate.Proxy.Registries.ConsulKv;

/// <summary>Understands what <c>/v1/kv/PREFIX/?recurse</c> answers: a list of keys with values in base64. An instance is a key <c>PREFIX/FOLDER/HOST:PORT</c> with an object of JSON.</summary>
internal static class ConsulKvEntries
{
    /// <summary>The instances of each folder.</summary>
    /// <exception cref="RegistryException">It is no such list, or the token hides all of it.</exception>
    public static FrozenDictionary<string, ConsulKvFolder> Read(ConsulReply reply, ConsulKvConfig config)
    {
        var folders = new Dictionary<string, ServiceAnswerBuilder>(StringComparer.Ordinal);
        string source = $"{reply.Reply.Server} answers to {reply.Reply.Path} with";
        bool hidesAll = reply.HidesSome;
        if (reply.Reply.Status != 404)
        {
            using JsonDocument document = reply.Reply.Json();
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                throw new RegistryException($"{source} {document.RootElement.ValueKind} instead of a list of keys");
            foreach (JsonElement entry in document.RootElement.EnumerateArray())
            {
                hidesAll = false;
                if (!JsonMembers.TryText(entry, "Key", out string? key) || key is null)
                    throw new RegistryException($"{source} an entry whose Key is no text");
                Add(folders, key, entry, config);
            }
        }

        if (hidesAll)
            throw new RegistryException($"{source} nothing that the token may read");
        return folders.ToFrozenDictionary(static folder => folder.Key, static folder => new ConsulKvFolder(folder.Value.Build(), folder.Value.IsGarbage), StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, ServiceAnswerBuilder> folders, string key, JsonElement entry, ConsulKvConfig config)
    {
        // What ends in a slash is a folder; what lies in the prefix itself, or is not of this prefix, belongs to nobody.
        int last = key.LastIndexOf('/');
        if (last == key.Length - 1 || last <= config.Prefix.Length || !key.StartsWith(config.Prefix + "/", StringComparison.Ordinal) || config.SkippedKeys.Items.Contains(key[..last]))
            return;
        string folder = key[(config.Prefix.Length + 1)..last];
        if (!folders.TryGetValue(folder, out ServiceAnswerBuilder? answer))
            folders[folder] = answer = new ServiceAnswerBuilder();
        int colon = key.LastIndexOf(':');
        if (colon <= last || !int.TryParse(key.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            answer.Refuse($"{key}: the name is not HOST:PORT");
        else
            AddInstance(answer, key, key[(last + 1)..colon], port, entry, config);
    }

    private static void AddInstance(ServiceAnswerBuilder answer, string key, string host, int port, JsonElement entry, ConsulKvConfig config)
    {
        try
        {
            if (!JsonMembers.TryText(entry, "Value", out string? encoded) || string.IsNullOrEmpty(encoded))
            {
                answer.Refuse($"{key} has no value");
                return;
            }

            using JsonDocument value = JsonDocument.Parse(Convert.FromBase64String(encoded));
            if (value.RootElement.ValueKind != JsonValueKind.Object)
                answer.Refuse($"{key}: the value is no object of JSON");
            else if (Weight(value.RootElement, config) is not { } weight)
                answer.Refuse($"{key}: weight is no number");
            else if (!IsDown(value.RootElement))
                answer.Add(key, host, port, weight, metadata: Metadata(value.RootElement));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            answer.Refuse($"{key}: the value is no JSON");
        }
    }

    private static bool IsDown(JsonElement value) => JsonMembers.Of(value, "check_status") is { } status
        && (status.ValueKind == JsonValueKind.False || (status.ValueKind == JsonValueKind.String && status.ValueEquals("false")));

    private static double? Weight(JsonElement value, ConsulKvConfig config) => JsonMembers.Of(value, "weight") switch
    {
        null => config.Access.Weight,
        { ValueKind: JsonValueKind.Number } weight => weight.GetDouble(),
        _ => null,
    };

    // Texts in the value are known of the instance, so that discovery_args.metadata can ask for them.
    private static IEnumerable<MetadataEntry> Metadata(JsonElement value) => value.EnumerateObject()
        .Where(static member => member.Value.ValueKind == JsonValueKind.String && member.Name != "check_status")
        .DistinctBy(static member => member.Name)
        .Select(static member => new MetadataEntry(member.Name, member.Value.GetString()!));
}
