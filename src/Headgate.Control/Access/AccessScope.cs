namespace Headgate.Control.Access;

/// <summary>Where a role must be held.</summary>
internal enum AccessScope
{
    /// <summary>In all gateway groups.</summary>
    Everywhere,

    /// <summary>In a gateway group as a whole.</summary>
    Group,

    /// <summary>In one workspace.</summary>
    Workspace,

    /// <summary>In a gateway group or any workspace of it.</summary>
    InGroup,

    /// <summary>Somewhere: everybody who is known.</summary>
    Anywhere,
}
