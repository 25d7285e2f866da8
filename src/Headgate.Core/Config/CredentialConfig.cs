using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Config;

/// <summary>A consumer's credential as a user wrote it, typed. Source: APISIX credential schema (docs/reference/consumer.md).</summary>
public sealed record CredentialConfig
{
    /// <summary>Id among all credentials: <c>NAME/credentials/ID</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Display name; null when absent.</summary>
    public string? Name { get; init; }

    /// <summary>The one plugin it is for.</summary>
    public required PluginSetting Plugin { get; init; }

    /// <summary>Its id below its consumer.</summary>
    public string OwnId => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>Name of the consumer that it belongs to.</summary>
    public string Consumer => ResourceKinds.ConsumerOf(Id);
}
