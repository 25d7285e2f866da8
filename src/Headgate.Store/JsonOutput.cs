using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Headgate.Store;

/// <summary>Writes JSON as the Admin API does: text that is no ASCII stays readable, and nothing of it is ever put into HTML.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The JSON that <paramref name="write"/> makes.</summary>
    /// <param name="write">Writes one value.</param>
    /// <param name="bytes">About how long it will be.</param>
    public static ReadOnlyMemory<byte> Build(Action<Utf8JsonWriter> write, int bytes = 1024)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, bytes));
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return buffer.WrittenMemory;
    }
}
