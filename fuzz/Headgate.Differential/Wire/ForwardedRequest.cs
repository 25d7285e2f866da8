using System.Globalization;

namespace Headgate.Differential.Wire;

/// <summary>A request as it reached the origin behind a proxy, read without any leniency.</summary>
/// <param name="Client">The client's address, from the X-Real-IP that the proxy wrote.</param>
/// <param name="Method">Method.</param>
/// <param name="Target">Target.</param>
/// <param name="Body">The decoded body.</param>
/// <param name="Length">Bytes it took on the wire.</param>
internal sealed record ForwardedRequest(string Client, string Method, string Target, byte[] Body, int Length)
{
    /// <summary>Reads the request at the front of <paramref name="bytes"/>; null when it is not whole yet.</summary>
    /// <exception cref="ViolationException">A proxy must not send this.</exception>
    public static ForwardedRequest? Read(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        if (Lines.Next(bytes, ref at) is not { } line)
            return null;
        string[] parts = line.Split(' ');
        if (parts.Length != 3 || !Lines.IsToken(parts[0]) || parts[1].Length == 0 || parts[1].Any(c => c is <= ' ' or '\x7f') || parts[2] != "HTTP/1.1")
            throw new ViolationException("a malformed request line");
        if (Lines.Fields(bytes, ref at) is not { } fields)
            return null;
        if (Lines.Single(fields, "host") is null)
            throw new ViolationException("no Host");
        string client = Lines.Single(fields, "x-real-ip") ?? throw new ViolationException("no X-Real-IP");
        string? length = Lines.Single(fields, "content-length");
        string? coding = Lines.Single(fields, "transfer-encoding");
        byte[] body = [];
        if (coding is not null)
        {
            if (coding != "chunked" || length is not null)
                throw new ViolationException("two framings, or an unknown one");
            if (Lines.Chunked(bytes, ref at) is not { } chunked)
                return null;
            body = chunked;
        }
        else if (length is not null)
        {
            if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long count))
                throw new ViolationException("a Content-Length that is no number");
            if (bytes.Length - at < count)
                return null;
            body = bytes.Slice(at, (int)count).ToArray();
            at += (int)count;
        }

        return new ForwardedRequest(client, parts[0], parts[1], body, at);
    }
}
