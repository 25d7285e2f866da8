using System.Collections.Concurrent;
using System.Globalization;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.OpenTelemetry;

/// <summary>A collector of OTLP over HTTP: keeps what it gets. Its status 0 = it never answers.</summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private readonly ScriptedNode _node;

    public SpanCollector(int status = 200) => _node = ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            Heads.Enqueue(head);
            int length = int.Parse(head.Split("Content-Length: ", 2)[1].Split('\r')[0], CultureInfo.InvariantCulture);
            var request = new ProtoFields(await peer.ReadBytesAsync(length));
            if (status == 0)
                await peer.IgnoreAsync();
            foreach (ProtoFields resource in request.Messages(1))
            {
                Resource = resource.Messages(1).Single().Attributes(1);
                ProtoFields scope = resource.Messages(2).Single();
                scope.Messages(1).Single().Text(1).ShouldBe("headgate");
                foreach (ProtoFields span in scope.Messages(2))
                    Spans.Enqueue(CollectedSpan.Of(span));
            }

            await peer.SendAsync($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
        }
    });

    public ConcurrentQueue<string> Heads { get; } = new();

    public ConcurrentQueue<CollectedSpan> Spans { get; } = new();

    public Dictionary<string, string> Resource { get; private set; } = [];

    public int Port => _node.Port;

    public async Task<CollectedSpan[]> SpansAsync(int count)
    {
        await Eventually.HoldsAsync(() => Spans.Count >= count, $"{count} spans");
        _node.Errors.ShouldBeEmpty();
        return [.. Spans];
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
