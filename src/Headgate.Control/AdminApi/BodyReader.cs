using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Headgate.Control.AdminApi.Json;
using Headgate.Store.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Control.AdminApi;

/// <summary>Reads and parses a request body, and refuses what is too large or not JSON.</summary>
internal static class BodyReader
{
    /// <summary>1.5 MiB: APISIX's limit, and etcd's for one value.</summary>
    public const int BytesMax = 1_572_864;

    /// <summary>
    /// A body above <see cref="BytesMax"/> is read to its end and dropped up to this size: answering earlier would make the client see a reset connection
    /// instead of the answer. What is larger still is cut off.
    /// </summary>
    private const long DrainedBytesMax = 64 * 1024 * 1024;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 64 };

    /// <summary>The body's bytes, empty when there is none; or the refusal.</summary>
    public static async ValueTask<(ReadOnlyMemory<byte> Body, AdminResponse? Refusal)> ReadAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.ContentLength is 0 || (request.ContentLength is null && !context.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody))
            return (default, null);

        // The limit and its text are ours; Kestrel's would answer 413.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        ArrayBufferWriter<byte> buffer = new((int)Math.Clamp(request.ContentLength ?? 0, 256, BytesMax));
        long size = 0;
        while (size <= DrainedBytesMax)
        {
            int read = await request.Body.ReadAsync(buffer.GetMemory(256), context.RequestAborted);
            if (read == 0)
                break;
            size += read;
            if (size <= BytesMax)
                buffer.Advance(read);
            else
                buffer.ResetWrittenCount();
        }

        return size > BytesMax ? (default, TooLarge(Math.Max(size, request.ContentLength ?? 0))) : (buffer.WrittenMemory, null);
    }

    /// <summary>The parsed body, null for none; or the refusal.</summary>
    public static AdminResponse? Parse(ReadOnlyMemory<byte> body, out JsonDocument? document)
    {
        document = null;
        if (body.IsEmpty)
            return null;
        if (!Utf8.IsValid(body.Span))
            return Invalid("not UTF-8");
        try
        {
            document = JsonDocument.Parse(body, JsonOptions);
            if (!IsText(body.Span, document.RootElement))
                return Invalid("a string holds half of a surrogate pair, which is not Unicode text");
            return null;
        }
        catch (JsonException exception)
        {
            // The exception's own position is part of its message: cut it off and say it in words.
            string message = exception.Message;
            int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            string text = (position < 0 ? message : message[..position]).TrimEnd('.', ' ');
            return Invalid($"not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: {text}");
        }
    }

    /// <summary>Turns a body of YAML into JSON; or the refusal.</summary>
    public static AdminResponse? FromYaml(ref ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            return null;
        if (!Utf8.IsValid(body.Span))
            return Invalid("not UTF-8");
        try
        {
            body = YamlJson.Convert(Encoding.UTF8.GetString(body.Span), []);
            return null;
        }
        catch (DocumentException exception)
        {
            return Invalid(exception.Message);
        }
    }

    public static AdminResponse Invalid(string reason) => AdminResponse.Error(StatusCodes.Status400BadRequest, "invalid request body: " + reason);

    private static AdminResponse TooLarge(long size) => Invalid($"request size {size} is greater than the maximum size {BytesMax} allowed");

    /// <summary>Half a surrogate pair can only come as an escape, so a body without <c>\ud</c> need not be looked through.</summary>
    private static bool IsText(ReadOnlySpan<byte> body, JsonElement root)
    {
        if (body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
            return true;
        try
        {
            JsonText.Build(root, JsonText.Copy);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
