using System.Buffers;
using System.Text;
using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi;

/// <summary>An answer, complete in memory.</summary>
internal sealed class AdminResponse
{
    private AdminResponse(int status, ReadOnlyMemory<byte> body, string contentType)
    {
        Status = status;
        Body = body;
        ContentType = contentType;
    }

    public int Status { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public string ContentType { get; }

    /// <summary>Further header fields.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Revision that goes into <c>ETag</c>; null = none.</summary>
    public long? Revision { get; init; }

    /// <summary>Revision of the write that it answers; null = that of <see cref="Revision"/>, or nothing was written.</summary>
    public long? Written { get; init; }

    /// <summary>What was accepted and has no effect.</summary>
    public IReadOnlyList<ConfigError> Warnings { get; init; } = [];

    /// <summary>Writes the body instead of <see cref="Body"/>, which is empty then; null, as mostly = the body is complete. What it throws ends the connection.</summary>
    public Func<Stream, CancellationToken, Task>? Streamed { get; private init; }

    public static AdminResponse Empty(int status, params IReadOnlyList<(string Name, string Value)> headers) => new(status, default, "application/json") { Headers = headers };

    public static AdminResponse Text(int status, string text) => new(status, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");

    /// <summary>A page for people; the caller has escaped what is in it. It runs nothing and loads nothing.</summary>
    public static AdminResponse Html(string page) => new(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8");

    /// <summary>A JSON object whose members <paramref name="write"/> writes; APISIX ends its bodies with a newline, so does this.</summary>
    public static AdminResponse Object<TState>(int status, TState state, Action<Utf8JsonWriter, TState> write, long? revision = null, IReadOnlyList<ConfigError>? warnings = null,
        IReadOnlyList<(string Name, string Value)>? headers = null, long? written = null)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            write(writer, state);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return new AdminResponse(status, buffer.WrittenMemory, "application/json") { Revision = revision, Warnings = warnings ?? [], Headers = headers ?? [], Written = written };
    }

    /// <summary>A body that is too large to hold in memory; <paramref name="write"/> writes it, off the I/O threads.</summary>
    public static AdminResponse Stream(string contentType, Func<Stream, CancellationToken, Task> write) => new(StatusCodes.Status200OK, default, contentType) { Streamed = write };

    /// <summary>A body that is JSON already.</summary>
    public static AdminResponse Raw(int status, ReadOnlyMemory<byte> json) => new(status, json, "application/json");

    /// <summary>A body of any type, with headers.</summary>
    public static AdminResponse Body200(ReadOnlyMemory<byte> body, string contentType, IReadOnlyList<(string Name, string Value)> headers) =>
        new(StatusCodes.Status200OK, body, contentType) { Headers = headers };

    /// <summary>The same with another status, and with warnings.</summary>
    public AdminResponse As(int status, IReadOnlyList<ConfigError> warnings) => new(status, Body, ContentType) { Headers = Headers, Revision = Revision, Warnings = warnings };

    public static AdminResponse Error(int status, string message) =>
        Object(status, message, static (writer, text) => writer.WriteString("error_msg", text));

    /// <summary>400 with the first problem as APISIX words it, and all of them when there are more.</summary>
    public static AdminResponse Refused(IReadOnlyList<ConfigError> errors) =>
        Object(StatusCodes.Status400BadRequest, errors, static (writer, list) =>
        {
            writer.WriteString("error_msg", list[0].Message);
            if (list.Count == 1)
                return;
            writer.WriteProblems("errors", list);
        });

    /// <summary>A missing object; unlike all other errors the member is <c>message</c>, as etcd's through APISIX.</summary>
    public static AdminResponse KeyNotFound() =>
        Object(StatusCodes.Status404NotFound, 0, static (writer, _) => writer.WriteString("message", "Key not found"));
}
