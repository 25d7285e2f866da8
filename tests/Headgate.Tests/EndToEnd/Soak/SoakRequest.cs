using System.Diagnostics;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>A request of the soak and what must come back.</summary>
/// <param name="Id">Its number, which the answer repeats.</param>
/// <param name="Method">GET, HEAD, PUT or POST.</param>
/// <param name="Path">Path, with the number in it.</param>
/// <param name="Expected">The answer's body, byte for byte; for an upload the request's own.</param>
/// <param name="MayRepeat">Whether the gateway can and must try another node when one dies before its answer: idempotent, and all of it in the gateway's hands.</param>
internal sealed record SoakRequest(long Id, string Method, string Path, ReadOnlyMemory<byte> Expected, bool MayRepeat)
{
    /// <summary>When it was sent.</summary>
    public long Begin { get; } = Stopwatch.GetTimestamp();

    /// <summary>A GET or HEAD of <paramref name="length"/> bytes below <paramref name="prefix"/>.</summary>
    public static SoakRequest Get(long id, int length, string framing, string method = "GET", string prefix = "") =>
        new(id, method, $"{prefix}/get/{id}/{length}/{framing}", SoakContent.Of(id, length), MayRepeat: true);

    /// <summary>Its head, with further field lines in <paramref name="fields"/>.</summary>
    public string Head(string fields = "") => $"{Method} {Path} HTTP/1.1\r\nHost: soak.test\r\n{fields}\r\n";
}
