using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.References;

/// <summary>Finds what an object names, in its JSON, whatever kind it is. Never fails: what is not shaped like a reference is none.</summary>
internal static class ReferenceReader
{
    public static IReadOnlyList<Reference> Read(string objectKey, JsonElement value)
    {
        List<Reference>? found = null;
        if (ResourceKinds.TryParseKey(objectKey, out ResourceKind kind, out string id) && kind == ResourceKind.Credential)
            (found ??= []).Add(new Reference("", ResourceKind.Consumer.Key(ResourceKinds.ConsumerOf(id)), ResourceKind.Consumer.Singular()));
        if (value.ValueKind != JsonValueKind.Object)
            return found ?? (IReadOnlyList<Reference>)[];
        Add(ref found, value, "", "upstream_id", "upstreams", "upstream");
        Add(ref found, value, "", "service_id", "services", "service");
        Add(ref found, value, "", "plugin_config_id", "plugin_configs", "plugin config");
        Add(ref found, value, "", "group_id", "consumer_groups", "consumer group");
        AddNamedByUpstream(ref found, value, "");
        if (value.TryGetProperty("upstream", out JsonElement upstream))
            AddNamedByUpstream(ref found, upstream, "upstream.");
        if (value.TryGetProperty("plugins", out JsonElement plugins) && plugins.ValueKind == JsonValueKind.Object)
        {
            AddSplitRules(ref found, plugins);
            if (plugins.TryGetProperty("grpc-transcode", out JsonElement transcode))
                Add(ref found, transcode, "plugins.grpc-transcode.", "proto_id", "protos", "proto");
        }

        return found ?? (IReadOnlyList<Reference>)[];
    }

    private static void Add(ref List<Reference>? found, JsonElement holder, string prefix, string member, string directory, string kind, bool byPlugin = false)
    {
        if (holder.ValueKind != JsonValueKind.Object || !holder.TryGetProperty(member, out JsonElement value))
            return;
        string? id = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        if (string.IsNullOrEmpty(id))
            return;
        (found ??= []).Add(new Reference(prefix + member, $"{ResourceKinds.DefaultPrefix}/{directory}/{id}", kind, byPlugin));
    }

    /// <summary>What an upstream names, wherever it stands.</summary>
    private static void AddNamedByUpstream(ref List<Reference>? found, JsonElement upstream, string prefix, bool byPlugin = false)
    {
        Add(ref found, upstream, prefix, "service_registry_id", ResourceKind.ServiceRegistry.Plural(), ResourceKind.ServiceRegistry.Singular(), byPlugin);
        if (upstream.ValueKind == JsonValueKind.Object && upstream.TryGetProperty("tls", out JsonElement tls))
            Add(ref found, tls, prefix + "tls.", "client_cert_id", "ssls", "ssl", byPlugin);
    }

    private static void AddSplitRules(ref List<Reference>? found, JsonElement plugins)
    {
        if (!plugins.TryGetProperty("traffic-split", out JsonElement split) || split.ValueKind != JsonValueKind.Object
            || !split.TryGetProperty("rules", out JsonElement rules) || rules.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        int rule = 0;
        foreach (JsonElement element in rules.EnumerateArray())
        {
            string prefix = $"plugins.traffic-split.rules[{rule++}].weighted_upstreams";
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("weighted_upstreams", out JsonElement upstreams) || upstreams.ValueKind != JsonValueKind.Array)
                continue;
            int index = 0;
            foreach (JsonElement upstream in upstreams.EnumerateArray())
            {
                string at = $"{prefix}[{index++}].";
                Add(ref found, upstream, at, "upstream_id", "upstreams", "upstream", byPlugin: true);
                if (upstream.ValueKind == JsonValueKind.Object && upstream.TryGetProperty("upstream", out JsonElement inline))
                    AddNamedByUpstream(ref found, inline, at + "upstream.", byPlugin: true);
            }
        }
    }
}
