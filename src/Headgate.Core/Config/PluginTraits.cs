using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>What reading and storing configuration needs to know of a plugin.</summary>
public sealed record PluginTraits
{
    /// <summary>Whether it finds out which consumer calls: only such plugins may stand in a credential.</summary>
    public bool IsAuth { get; init; }

    /// <summary>The field of a consumer's configuration by which the consumer is found, so that no two may have the same: <c>key</c>; null = there is none.</summary>
    public string? ConsumerKey { get; init; }

    /// <summary>
    /// Fields whose texts are encrypted at rest and redacted wherever they are shown, as paths in the plugin's configuration: <c>client_secret</c>, <c>auth.token</c>;
    /// <c>*</c> stands for every member or item. Of a field that is no text, all texts in it are.
    /// </summary>
    public EquatableArray<string> SecretFields { get; init; } = [];
}
