using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>A workspace as its user wrote it: a team's part of a gateway group.</summary>
public sealed record WorkspaceConfig
{
    /// <summary>Id of the workspace that is always there: of every object that no other one owns.</summary>
    public const string DefaultId = "default";

    /// <summary>1 to 64 of <c>a-z A-Z 0-9 - _ .</c></summary>
    public required string Id { get; init; }

    /// <summary>1 to 1024 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Hosts that are its own in the group, lower-cased; <c>*.a.test</c> stands for all below. Empty = any that are no other workspace's.</summary>
    public EquatableArray<string> Hosts { get; init; } = [];
}
