namespace Headgate.Core.Config.Registries;

/// <summary>How a selector of namespaces chooses.</summary>
public enum KubernetesNamespaceMatch
{
    /// <summary><c>equal</c>: the namespace of that name alone.</summary>
    Equal,

    /// <summary><c>not_equal</c>: all but that one.</summary>
    NotEqual,

    /// <summary><c>match</c>: those of whose name one of the patterns matches all.</summary>
    Match,

    /// <summary><c>not_match</c>: the others.</summary>
    NotMatch,
}
