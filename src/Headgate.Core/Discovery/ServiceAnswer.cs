using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.Discovery;

/// <summary>What a registry says of a service: all its instances. Answers with equal instances are equal.</summary>
/// <param name="Instances">In order of host, then port, each address once. Empty = the registry says that there is none, which is not the same as saying nothing.</param>
public sealed record ServiceAnswer(EquatableArray<ServiceInstance> Instances)
{
    /// <summary>Instances that were left out, each with the field that is wrong; for people. No part of equality.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The answer with those instances alone that have all of the metadata asked for.</summary>
    public ServiceAnswer Narrowed(DiscoveryArguments asked) =>
        asked.Metadata.Count == 0 ? this : this with { Instances = [.. Instances.Where(instance => asked.MetadataIsIn(instance.Metadata))] };

    /// <inheritdoc/>
    public bool Equals(ServiceAnswer? other) => other is not null && Instances == other.Instances;

    /// <inheritdoc/>
    public override int GetHashCode() => Instances.GetHashCode();
}
