using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Control.Registries;

/// <summary>Registries as JSON: as they are configured, without secrets, and what is known of them. Names are API7's where it has the same thing; times are whole seconds of Unix time.</summary>
internal static class RegistryJson
{
    private static readonly string[] ReadOnly = ["status", "status_reason", "status_since", "last_connect_time", "source", "create_time", "update_time"];

    /// <summary>Whether a member of an answer is ours alone to write.</summary>
    public static bool IsReadOnly(string member) => ReadOnly.Contains(member);

    /// <summary>The answer about one.</summary>
    public static AdminResponse One(int status, KnownRegistry registry, IReadOnlyList<ConfigError> warnings) => AdminResponse.Object(status, registry, static (writer, found) =>
    {
        writer.WriteStartObject("value");
        WriteMembers(writer, found);
        writer.WriteEndObject();
    }, registry.Entry?.ModRevision, warnings);

    /// <summary>All members.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, KnownRegistry registry)
    {
        writer.WriteString("id", registry.Id);
        if (registry.Entry is { } entry)
        {
            using JsonDocument document = JsonDocument.Parse(SecretFields.Redact(ResourceKind.ServiceRegistry, registry.Id, entry.Value));
            foreach ((string name, JsonElement member) in document.RootElement.ValueKind == JsonValueKind.Object ? JsonText.Members(document.RootElement) : [])
            {
                if (name == "id" || (IsReadOnly(name) && name is not ("create_time" or "update_time")))
                    continue;
                writer.WritePropertyName(name);
                JsonText.Copy(writer, member);
            }
        }
        else
        {
            writer.WriteString("type", registry.SettingsType);
            writer.WritePropertyName($"{registry.SettingsType}_config");
            writer.WriteRawValue(registry.Settings!);
        }

        writer.WriteString("source", registry.Entry is null ? "config.yaml" : "store");
        WriteStatus(writer, registry);
    }

    /// <summary>How it is.</summary>
    public static void WriteStatus(Utf8JsonWriter writer, KnownRegistry registry)
    {
        if (registry.View is not { } view)
        {
            writer.WriteString("status", Name(RegistryStatus.Connecting));
            writer.WriteString("status_reason", "it is not served: not yet, or what is stored cannot be used; the log says why");
            return;
        }

        writer.WriteString("status", Name(view.Last.Status));
        if (view.Last.Reason is { } reason)
            writer.WriteString("status_reason", reason);
        writer.WriteNumber("status_since", view.Last.At.ToUnixTimeSeconds());
        if (view.HeardAt is { } heard)
            writer.WriteNumber("last_connect_time", heard.ToUnixTimeSeconds());
    }

    /// <summary>What was counted of it.</summary>
    public static void WriteCounters(Utf8JsonWriter writer, KnownRegistry registry)
    {
        RegistryCounters counters = registry.View?.Counters ?? default;
        writer.WriteNumber("answers", counters.Answers);
        writer.WriteNumber("failures", counters.Failures);
        writer.WriteNumber("changes", counters.Changes);
    }

    /// <summary>The changes of its status, the latest first unless <c>direction=asc</c>.</summary>
    public static AdminResponse History(KnownRegistry registry, AdminRequest request)
    {
        string direction = request.Query["direction"].ToString();
        if (direction is not ("" or "asc" or "desc"))
            return AdminResponse.Error(400, "invalid argument direction; allowed: asc, desc");
        RegistryChange[] changes = [.. registry.View?.History ?? []];
        if (direction != "asc")
            Array.Reverse(changes);
        if (Page.Read(request.Query, changes.Length, out Page page) is { } refusal)
            return refusal;
        return AdminResponse.Object(200, (changes, page), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (RegistryChange change in state.page.Of(state.changes))
            {
                writer.WriteStartObject();
                writer.WriteString("hostname", Environment.MachineName);
                writer.WriteString("status", Name(change.Status));
                if (change.Reason is { } reason)
                    writer.WriteString("status_reason", reason);
                writer.WriteNumber("connect_time", change.At.ToUnixTimeSeconds());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.changes.Length);
        });
    }

    /// <summary>API7's names.</summary>
    public static string Name(RegistryStatus status) => status switch
    {
        RegistryStatus.Healthy => "healthy",
        RegistryStatus.Lost => "lost_connection",
        _ => "connecting",
    };
}
