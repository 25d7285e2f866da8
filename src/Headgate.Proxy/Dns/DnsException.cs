namespace Headgate.Proxy.Dns;

/// <summary>
/// A question has no answer: a name that is none, a message that breaks the protocol, servers that are silent, cannot be reached or say that they cannot tell. Never that
/// a name or a record does not exist: that is an answer. Its text says what, and of which server.
/// </summary>
internal sealed class DnsException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether name servers did answer, and said that they cannot or do not want to tell: other names may have answers.</summary>
    public bool IsOfNameOnly { get; init; } = inner is DnsException { IsOfNameOnly: true };
}
