namespace Headgate.Proxy.Http1;

/// <summary>What <see cref="BodyDecoder.Next"/> found.</summary>
public enum BodyStep
{
    /// <summary>A run of body bytes: consume the skipped ones, pass the taken ones on, consume them, ask again.</summary>
    Data,

    /// <summary>
    /// A run of trailer lines, checked and whole, each with its CR LF, without the empty line that ends the section: treat like <see cref="Data"/>, but write the taken
    /// bytes behind the last chunk (<c>0 CR LF</c>) and before the empty line; drop them where the way on is not chunked. May come more than once,
    /// never before the last <see cref="Data"/>, always before <see cref="End"/>.
    /// </summary>
    Trailers,

    /// <summary>Nothing more without reading. Consume the skipped bytes first.</summary>
    NeedMore,

    /// <summary>The body is complete; what follows the skipped bytes belongs to the next message.</summary>
    End,

    /// <summary>The framing is broken or above a limit.</summary>
    Bad,
}
