using Headgate.Core.Config;

namespace Headgate.Control.Access;

/// <summary>A role in a place.</summary>
/// <param name="Role">What it allows.</param>
/// <param name="Group">Id of the gateway group; <see cref="Any"/> = every one.</param>
/// <param name="Workspace">Id of the workspace; <see cref="Any"/> = every one, and what belongs to the group as a whole.</param>
internal readonly record struct Grant(AccessRole Role, string Group, string Workspace)
{
    /// <summary>Stands for all.</summary>
    public const string Any = "*";

    /// <summary>A role everywhere.</summary>
    public static Grant Everywhere(AccessRole role) => new(role, Any, Any);

    /// <summary>Whether it reaches into a group.</summary>
    public bool IsIn(string group) => Group == Any || Group == group;

    /// <summary>Whether it reaches a workspace of a group.</summary>
    public bool Covers(string group, string workspace) => IsIn(group) && (Workspace == Any || Workspace == workspace);

    /// <summary>For texts: <c>editor of default/team-a</c>.</summary>
    public override string ToString() =>
        $"{Role.ToString().ToLowerInvariant()} of {(Group == Any ? "all gateway groups" : Workspace == Any ? Group : $"{Group}/{(Workspace == WorkspaceConfig.DefaultId ? "default" : Workspace)}")}";
}
