using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Discovery;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>A registry as it is configured and as it is known.</summary>
/// <param name="Id">Of a connection its id; of a registry of <c>config.yaml</c> <see cref="SettingsPrefix"/> and its type, which no connection can be called.</param>
/// <param name="Name">As the discovery calls it.</param>
/// <param name="Entry">The connection as it is stored, decrypted; null = it is one of <c>config.yaml</c>.</param>
/// <param name="Settings">The settings of one of <c>config.yaml</c>, without secrets; null = it is a connection.</param>
/// <param name="View">What is known of it; null = it is not followed: what is stored cannot be used, or is not served yet.</param>
internal sealed record KnownRegistry(string Id, string Name, StoreEntry? Entry, string? Settings, RegistryView? View)
{
    /// <summary>With what the ids of registries of <c>config.yaml</c> begin.</summary>
    public const string SettingsPrefix = "discovery:";

    /// <summary>The type of one of <c>config.yaml</c>.</summary>
    public string SettingsType => Id[SettingsPrefix.Length..];

    /// <summary>Whether its id, or the name that people gave it, contains a text, in whatever case.</summary>
    public bool IsCalled(string text) => Id.Contains(text, StringComparison.OrdinalIgnoreCase)
        || (Entry is { } entry && StoredJson.Object(entry.Value) is { } value && value.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String
            && name.GetString()!.Contains(text, StringComparison.OrdinalIgnoreCase));
}
