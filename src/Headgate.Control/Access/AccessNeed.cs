namespace Headgate.Control.Access;

/// <summary>What a request needs: a role, and where.</summary>
/// <param name="Role">The least role.</param>
/// <param name="Scope">How much of <paramref name="Group"/> and <paramref name="Workspace"/> counts.</param>
/// <param name="Group">Id of a gateway group.</param>
/// <param name="Workspace">Id of a workspace.</param>
internal readonly record struct AccessNeed(AccessRole Role, AccessScope Scope, string Group = "", string Workspace = "")
{
    /// <summary>Whether one of the grants is enough.</summary>
    public bool IsMetBy(IReadOnlyList<Grant> grants)
    {
        foreach (Grant grant in grants)
        {
            if (grant.Role >= Role && Reaches(grant))
                return true;
        }

        return false;
    }

    /// <summary>For texts: <c>role editor in workspace a of gateway group default</c>.</summary>
    public override string ToString() => $"role {Role.ToString().ToLowerInvariant()} " + Scope switch
    {
        AccessScope.Anywhere => "anywhere",
        AccessScope.InGroup => $"in gateway group {Group} or a workspace of it",
        AccessScope.Workspace => $"in workspace {Workspace} of gateway group {Group}",
        AccessScope.Group => $"in all of gateway group {Group}",
        _ => "in all gateway groups",
    };

    private bool Reaches(Grant grant) => Scope switch
    {
        AccessScope.Anywhere => true,
        AccessScope.InGroup => grant.IsIn(Group),
        AccessScope.Workspace => grant.Covers(Group, Workspace),
        AccessScope.Group => grant.IsIn(Group) && grant.Workspace == Grant.Any,
        _ => grant is { Group: Grant.Any, Workspace: Grant.Any },
    };
}
