using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Proxy.Http2;

/// <summary>
/// Writes an HTTP/2 request as the HTTP/1.1 head it stands for (RFC 9113 §8.2, §8.3), so that one parser, and one set of checks, sees every request.
/// </summary>
internal static class SyntheticHead
{
    /// <summary>Appends the head to <paramref name="destination"/>.</summary>
    public static void Write(IHttpRequestFeature request, bool hasBody, ArrayBufferWriter<byte> destination)
    {
        Append(destination, request.Method);
        Append(destination, " ");
        Append(destination, request.RawTarget);
        Append(destination, " HTTP/1.1\r\n");
        bool hasLength = false;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            if (name.StartsWith(':'))
                continue;
            hasLength |= name.Equals("content-length", StringComparison.OrdinalIgnoreCase);
            foreach (string? value in values)
            {
                Append(destination, name);
                Append(destination, ": ");
                Append(destination, value ?? "");
                Append(destination, "\r\n");
            }
        }

        if (hasBody && !hasLength)
            Append(destination, "transfer-encoding: chunked\r\n");
        Append(destination, "\r\n");
    }

    private static void Append(ArrayBufferWriter<byte> destination, string text)
    {
        Span<byte> span = destination.GetSpan(text.Length);
        destination.Advance(Encoding.Latin1.GetBytes(text, span));
    }
}
