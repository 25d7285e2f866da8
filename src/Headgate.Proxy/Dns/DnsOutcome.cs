namespace Headgate.Proxy.Dns;

/// <summary>How a question ended: one of both.</summary>
/// <param name="Answer">What name servers say.</param>
/// <param name="Error">Why nobody could tell.</param>
internal readonly record struct DnsOutcome(DnsAnswer? Answer, DnsException? Error)
{
    /// <summary>Whether there are records.</summary>
    public bool HasRecords => Answer is { Records.Count: > 0 };

    /// <summary>The answer.</summary>
    /// <exception cref="DnsException">There is none.</exception>
    public DnsAnswer AnswerOrThrow() => Answer ?? throw new DnsException(Error!.Message, Error);
}
