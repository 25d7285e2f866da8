using System.Buffers;
using System.Text;
using Headgate.Proxy.Http1;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Headgate.Proxy.Http2;

/// <summary>The trailers of a request stream as lines for a node, under the same rules as those of a chunked body.</summary>
internal sealed class Http2Trailers
{
    private readonly ArrayBufferWriter<byte> _section = new(64);
    private ReadOnlyMemory<byte> _rest;
    private bool _begun;

    /// <summary>Forgets the last stream's.</summary>
    public void Clear()
    {
        _section.ResetWrittenCount();
        _rest = default;
        _begun = false;
    }

    /// <summary>
    /// The next lines to pass on, behind a body that is complete: <see cref="BodyStep.Trailers"/> with <paramref name="lines"/>, or <see cref="BodyStep.End"/>.
    /// Trailers of a body with Content-Length have no place on the way to a node and are dropped.
    /// </summary>
    public BodyStep Next(IFeatureCollection features, BodyFraming framing, out ReadOnlyMemory<byte> lines)
    {
        lines = default;
        if (!_begun && framing == BodyFraming.Chunked)
            Read(features.Get<IHttpRequestTrailersFeature>());
        _begun = true;
        if (_rest.IsEmpty)
            return BodyStep.End;
        int skip = 0;
        BodyStep step = TrailerSection.Next(_rest.Span, ref skip, out int take);
        lines = _rest.Slice(skip, take);
        _rest = step == BodyStep.Trailers ? _rest[(skip + take)..] : default;
        return step;
    }

    private void Read(IHttpRequestTrailersFeature? feature)
    {
        if (feature is not { Available: true } || feature.Trailers.Count == 0)
            return;
        foreach ((string name, StringValues values) in feature.Trailers)
        {
            foreach (string? value in values)
                Append($"{name}: {value}\r\n");
        }

        Append("\r\n");
        if (TrailerSection.Check(_section.WrittenSpan) == BodyStep.Trailers)
            _rest = _section.WrittenMemory;
    }

    private void Append(string text) => Encoding.Latin1.GetBytes(text, _section);
}
