using System.Buffers.Binary;
using System.Net.Http;
using System.Net.Http.Headers;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Posts spans to a collector. Source: OpenTelemetry Protocol (OTLP/HTTP), binary.</summary>
internal sealed class SpanSink : ILogSink
{
    private const int ResourceBytesMax = 65_536;

    private readonly OpenTelemetryMetadata _metadata;
    private readonly byte[] _resource;
    private readonly byte[] _scope;

    public SpanSink(OpenTelemetryMetadata metadata)
    {
        _metadata = metadata;
        _resource = ResourceOf(metadata);
        byte[] scope = new byte[64];
        var to = new ProtoWriter(scope);
        to.Text(1, "headgate");
        _scope = scope[..to.Length];
    }

    /// <inheritdoc/>
    public string Name => $"opentelemetry {_metadata.Collector.Scheme}://{_metadata.Collector.Authority}";

    /// <inheritdoc/>
    public int LengthOf(ReadOnlySpan<byte> entries, int count)
    {
        int length = 0;
        for (int i = 0; i < count; i++)
            length += sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(entries[length..]);
        return length;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _metadata.Collector) { Content = new ByteArrayContent(Body(entries.Span, count)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        foreach (LogMember header in _metadata.RequestHeaders)
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return await HttpPosts.SendAsync(request, verifies: true, _metadata.Timeout, cancellationToken);
    }

    private static byte[] ResourceOf(OpenTelemetryMetadata metadata)
    {
        byte[] bytes = new byte[ResourceBytesMax];
        var to = new ProtoWriter(bytes);
        SpanFields.Resource(ref to, new ResourceAttribute("hostname", Environment.MachineName));
        if (!metadata.Resource.Items.Any(static attribute => attribute.Name == "service.name"))
            SpanFields.Resource(ref to, new ResourceAttribute("service.name", "APISIX"));
        foreach (ResourceAttribute attribute in metadata.Resource)
            SpanFields.Resource(ref to, attribute);
        return to.HasOverrun ? [] : bytes[..to.Length];
    }

    /// <summary>An export request: the resource, one scope, its spans.</summary>
    private byte[] Body(ReadOnlySpan<byte> entries, int count)
    {
        int spans = entries.Length - (count * sizeof(int));
        int ofScope = Sized(_scope.Length) + spans;
        int ofResource = Sized(_resource.Length) + Sized(ofScope);
        byte[] body = new byte[Sized(ofResource)];
        var to = new ProtoWriter(body);
        to.Head(1, ofResource);
        to.Bytes(1, _resource);
        to.Head(2, ofScope);
        to.Bytes(1, _scope);
        for (int i = 0; i < count; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(entries);
            to.Raw(entries.Slice(sizeof(int), length));
            entries = entries[(sizeof(int) + length)..];
        }

        return body;
    }

    /// <summary>Bytes of a message with what stands before it.</summary>
    private static int Sized(int length) => 1 + ProtoWriter.SizeOf((ulong)length) + length;
}
