namespace Headgate.Control.Access;

/// <summary>What a person may do; each also what those before it may.</summary>
public enum AccessRole
{
    /// <summary>Read.</summary>
    Viewer,

    /// <summary>Write objects.</summary>
    Editor,

    /// <summary>Act on running gateways: drain a node, release what a registry holds.</summary>
    Operator,

    /// <summary>Make and delete gateway groups and workspaces, and people's rights.</summary>
    Owner,
}
