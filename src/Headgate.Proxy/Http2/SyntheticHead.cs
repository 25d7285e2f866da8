using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Proxy.Http2;

/// <summary>
/// Writes an HTTP/2 request as the HTTP/1.1 head it stands for (RFC 9113 §8.2, §8.3), so that one parser, and one set of checks, sees every request.
/// </summary>
internal static class SyntheticHead
{
    /// <summary>What would end a line of the head: HTTP/2 frames could carry it (RFC 9113 §8.2.1 forbids it), and a line of the sender's own making would follow.</summary>
    private static readonly SearchValues<char> EndsLine = SearchValues.Create("\r\n\0");

    /// <summary>What would end a name, a method or a target.</summary>
    private static readonly SearchValues<char> EndsToken = SearchValues.Create("\r\n\0\t :");

    /// <summary>Appends the head to <paramref name="destination"/>. False when the request holds what no head can: it must be refused.</summary>
    public static bool TryWrite(IHttpRequestFeature request, bool hasBody, ArrayBufferWriter<byte> destination)
    {
        if (request.Method.AsSpan().ContainsAny(EndsToken) || request.RawTarget.AsSpan().ContainsAny(EndsLine) || request.RawTarget.Contains(' '))
            return false;
        Append(destination, request.Method);
        Append(destination, " ");
        Append(destination, request.RawTarget);
        Append(destination, " HTTP/1.1\r\n");
        bool hasLength = false;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            if (name.StartsWith(':'))
                continue;
            if (name.AsSpan().ContainsAny(EndsToken))
                return false;
            hasLength |= name.Equals("content-length", StringComparison.OrdinalIgnoreCase);
            foreach (string? value in values)
            {
                if (value.AsSpan().ContainsAny(EndsLine))
                    return false;
                Append(destination, name);
                Append(destination, ": ");
                Append(destination, value ?? "");
                Append(destination, "\r\n");
            }
        }

        if (hasBody && !hasLength)
            Append(destination, "transfer-encoding: chunked\r\n");
        Append(destination, "\r\n");
        return true;
    }

    private static void Append(ArrayBufferWriter<byte> destination, string text)
    {
        Span<byte> span = destination.GetSpan(text.Length);
        destination.Advance(Encoding.Latin1.GetBytes(text, span));
    }
}
