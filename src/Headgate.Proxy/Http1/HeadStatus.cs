namespace Headgate.Proxy.Http1;

/// <summary>Kinds of <see cref="HeadResult"/>.</summary>
public enum HeadStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>The head is whole.</summary>
    Complete,

    /// <summary>The head breaks the protocol or a limit.</summary>
    Bad,
}
