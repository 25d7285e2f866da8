namespace Headgate.Core.Primitives;

/// <summary>
/// A request as matching and variables see it. Implemented by the data plane over the received bytes: nothing is copied, nothing is allocated.
/// Every span is valid only during the call that received the view. Used by one thread at a time.
/// </summary>
public interface IRequestView
{
    /// <summary>Method as sent, case-sensitive: <c>GET</c>.</summary>
    ReadOnlySpan<byte> Method { get; }

    /// <summary>Host without port, lower-cased; brackets kept for IPv6; empty when the request named none.</summary>
    ReadOnlySpan<byte> Host { get; }

    /// <summary>Path, percent-decoded and with dot segments and double slashes resolved (nginx's <c>$uri</c>); begins with <c>/</c>, or is <c>*</c>.</summary>
    ReadOnlySpan<byte> Path { get; }

    /// <summary>Path and query as sent (nginx's <c>$request_uri</c>).</summary>
    ReadOnlySpan<byte> RequestUri { get; }

    /// <summary>Query as sent, without the question mark; empty when there is none.</summary>
    ReadOnlySpan<byte> Query { get; }

    /// <summary><c>http</c> or <c>https</c>: how the client reached the gateway.</summary>
    ReadOnlySpan<byte> Scheme { get; }

    /// <summary>The peer's address as 128 bits in network order; IPv4 as ::ffff:a.b.c.d.</summary>
    UInt128 ClientAddress { get; }

    /// <summary>The peer's port.</summary>
    int ClientPort { get; }

    /// <summary>The gateway's address that was connected to, as <see cref="ClientAddress"/>.</summary>
    UInt128 ServerAddress { get; }

    /// <summary>The gateway's port that was connected to.</summary>
    int ServerPort { get; }

    /// <summary>Status of the answer as far as it is decided; 0 = there is none yet.</summary>
    int AnswerStatus => 0;

    /// <summary>Name of the consumer that sent the request; empty when that is not known, as always before a route has matched.</summary>
    ReadOnlySpan<byte> ConsumerName => default;

    /// <summary>Id of the consumer's group; empty when there is none.</summary>
    ReadOnlySpan<byte> ConsumerGroupId => default;

    /// <summary>
    /// The first header field of that name. <paramref name="name"/> is lower-cased, as in HTTP/2; field names of the request match without regard to case.
    /// False, and an empty value, when the request has none. The value has no white space around it.
    /// </summary>
    bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
}
