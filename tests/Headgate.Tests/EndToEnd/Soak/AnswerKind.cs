namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>What a client got.</summary>
internal enum AnswerKind
{
    /// <summary>The answer, with every byte as it must be.</summary>
    Right,

    /// <summary>An answer in order, with other bytes than the node's. Nothing excuses it.</summary>
    Wrong,

    /// <summary>Another status than 200.</summary>
    Status,

    /// <summary>An answer that ended before its end.</summary>
    Broken,

    /// <summary>No final answer's head.</summary>
    Unanswered,
}
