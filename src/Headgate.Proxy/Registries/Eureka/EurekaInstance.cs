using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Registries.Eureka;

/// <summary>An instance as Eureka has it.</summary>
/// <param name="App">Name of its application, upper-cased as Eureka does.</param>
/// <param name="Id">What tells it from others of the application.</param>
/// <param name="Status">Its status, which counts in the hash code.</param>
/// <param name="Action">In a delta: <c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
internal sealed record EurekaInstance(string App, string Id, string Status, string? Action)
{
    /// <summary>Whether it takes traffic: UP, and nobody overrides that.</summary>
    public bool IsUp { get; init; }

    /// <summary>Its address.</summary>
    public string? Ip { get; init; }

    /// <summary>The secure port if that is enabled, else the other.</summary>
    public long Port { get; init; }

    /// <summary>Of its metadata, or the default.</summary>
    public double Weight { get; init; }

    /// <summary>The rest of its metadata, ordered by name.</summary>
    public EquatableArray<MetadataEntry> Metadata { get; init; } = [];

    /// <summary>Why it cannot be used though it is UP; null when it can.</summary>
    public string? Problem { get; init; }

    /// <summary>The instance in texts.</summary>
    public string At => $"{App}/{Id}";
}
