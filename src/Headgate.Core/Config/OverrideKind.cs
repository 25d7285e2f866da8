namespace Headgate.Core.Config;

/// <summary>An operator's word on a node.</summary>
public enum OverrideKind
{
    /// <summary><c>drain</c>: it gets no new requests; those under way may end.</summary>
    Drain,

    /// <summary><c>force_up</c>: it gets requests whatever checks and outlier detection find.</summary>
    ForceUp,

    /// <summary><c>force_down</c>: it gets no new requests until the word is taken back.</summary>
    ForceDown,
}
