using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>Requests choose among nodes by metadata: the upstream's <c>subset</c>.</summary>
/// <param name="Keys">Metadata keys, in order of their names, each with the variable of the request whose value a node must have; at least one.</param>
/// <param name="Fallback">What happens to a request for which there is no such node; default <see cref="SubsetFallback.Any"/>.</param>
/// <param name="DefaultSubset">The metadata for <see cref="SubsetFallback.Default"/>, a value for every key, in the order of <paramref name="Keys"/>; empty otherwise.</param>
public sealed record SubsetConfig(EquatableArray<SubsetKeyConfig> Keys, SubsetFallback Fallback, EquatableArray<MetadataEntry> DefaultSubset)
{
    /// <summary>Subsets of one upstream at most: each has pickers of its own.</summary>
    public const int SubsetsMax = 128;

    /// <summary>Bytes of a value that a subset can be chosen by at most.</summary>
    public const int ValueBytesMax = 255;
}
