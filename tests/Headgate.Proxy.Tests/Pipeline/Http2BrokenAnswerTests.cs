using System.Net;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>An answer over HTTP/2 that comes to no good end, at the node or at the client, is nobody's mistake here: the stream is reset and nothing is logged.</summary>
public sealed class Http2BrokenAnswerTests : IAsyncLifetime
{
    private const int Streams = 200;

    private readonly WrittenLines _log = new();
    private readonly HttpClient _client = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    private GatewayUnderTest _gateway = null!;

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _gateway = await GatewayUnderTest.StartWithAsync(null, loggers: _log);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task NodeClosesInTheMiddle_StreamIsReset()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
        });
        LeadTo(node);
        for (int i = 0; i < Streams; i++)
            await Should.ThrowAsync<HttpRequestException>(() => _client.GetByteArrayAsync(_gateway.Address, Bound));
        await NothingIsLoggedAsync();
    }

    [Fact]
    public async Task ClientResetsInTheMiddle_NothingIsLogged()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + new string('a', 300_000));
            await peer.WaitForEndAsync();
        });
        LeadTo(node);
        for (int i = 0; i < Streams; i++)
        {
            using HttpResponseMessage answer = await _client.GetAsync(_gateway.Address, HttpCompletionOption.ResponseHeadersRead, Bound);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await NothingIsLoggedAsync();
    }

    private async Task NothingIsLoggedAsync()
    {
        await Eventually.HoldsAsync(() => _gateway.TriesInFlight == 0, "no try is under way");
        _client.Dispose();
        await Eventually.HoldsAsync(() => _gateway.Plane.Counters.ConnectionsOpen == 0, "the client is gone");
        _log.Lines.Where(line => line.StartsWith("125", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private void LeadTo(ScriptedNode node)
    {
        _gateway.PutUpstream("u", [node.Port]);
        _gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
    }
}
