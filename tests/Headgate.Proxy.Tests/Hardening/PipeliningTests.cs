using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>Several requests in one connection: where one ends the next begins, and behind a fault nothing begins (RFC 9112 §9.3.2).</summary>
public sealed class PipeliningTests
{
    private const string Good = "GET /good HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Bad = "GET / HTTP/1.1\r\nHost : x\r\n\r\n";

    /// <summary>Attack, requests, statuses, what the node saw.</summary>
    public static TheoryData<string, string, string, string> Sequences => new()
    {
        { "bad behind good", Good + Good + Bad + Attack.Smuggled, "200 200 400", Good + Good },
        { "bad framing behind good", Good + "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx" + Attack.Smuggled, "200 400", Good },
        { "bad chunk behind good", Good + "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n" + Attack.Smuggled, "200 400", Good },
        { "close in the middle", Good + "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + Attack.Smuggled, "200 200", Good + "GET /last HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "HTTP/1.0 in the middle", Good + "GET /last HTTP/1.0\r\nHost: x\r\n\r\n" + Attack.Smuggled, "200 200", Good + "GET /last HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "HTTP/1.0 that keeps the connection", "GET /a HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n" + Good, "200 200", "GET /a HTTP/1.1\r\nHost: x\r\n\r\n" + Good },
        { "body that looks like a request", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n" + Attack.Smuggled + Good, "200 200", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n" + Attack.Smuggled + Good },
        { "chunks that look like a request", "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n23\r\n" + Attack.Smuggled + "\r\n0\r\n\r\n" + Good, "200 200", "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n23\r\n" + Attack.Smuggled + "\r\n0\r\n\r\n" + Good },
        { "body one byte short: it takes the next request's first", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab" + Good, "200 200", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabG" + "ET /good HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "refusal by the gateway in the middle", Good + "TRACE / HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n" + Attack.Smuggled + Good, "200 405 200", Good + Good },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public Task Requests_BeginWhereTheOneBeforeEnds(string attack, string sent, string statuses, string nodeSaw) => Attack.IsServedAsync(attack, sent, statuses, nodeSaw);

    [Fact]
    public async Task RequestsCutAtEveryByte_AreTheSameRequests()
    {
        const string Requests = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;e=\"v\"\r\nabc\r\n0\r\nX-T: 1\r\n\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n";
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        for (int cut = 1; cut < Requests.Length; cut++)
        {
            using Socket client = await gateway.ConnectAsync();
            await client.SendAsync(Encoding.Latin1.GetBytes(Requests[..cut]));
            await client.SendAsync(Encoding.Latin1.GetBytes(Requests[cut..]));
            client.Shutdown(SocketShutdown.Send);
            Answer.ReadAll(await GatewayUnderTest.ReadToEndAsync(client)).Select(answer => answer.Status).ShouldBe([200, 200], $"cut at {cut}");
        }

        string all = string.Concat(node.Received);
        all.Split("POST /a ").Length.ShouldBe(Requests.Length);
        all.Split("GET /b ").Length.ShouldBe(Requests.Length);

        // A cut inside the data may leave it in two chunks.
        MatchCollection bodies = Regex.Matches(all, @"\r\n\r\n(?:[1-3]\r\n([abc]+)\r\n)+0\r\nX-T: 1\r\n\r\n");
        bodies.Count.ShouldBe(Requests.Length - 1);
        bodies.ShouldAllBe(body => string.Concat(body.Groups[1].Captures.Select(piece => piece.Value)) == "abc");
    }

    [Fact]
    public async Task BigUnreadRest_AnswerArrivesBeforeTheClose()
    {
        // Closing a socket with unread bytes resets it, and a reset overtakes the answer (RFC 9112 §9.6). 200 KiB are more than what one read takes.
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            string received = await gateway.SendRawAsync(Bad + new string('a', 200_000), finish: true);
            Answer.ReadAll(received).ShouldHaveSingleItem().Status.ShouldBe(400);
        }
    }

    [Fact]
    public async Task RefusedClientThatStaysAndSends_IsClosedAllTheSame()
    {
        // No FIN from the client: the gateway's own patience (LingerTimeout) ends it.
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(new ProxyLimits { LingerTimeout = TimeSpan.FromMilliseconds(100) });
        string received = await gateway.SendRawAsync(Bad + Attack.Smuggled);
        Answer.ReadAll(received).ShouldHaveSingleItem().Status.ShouldBe(400);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
        gateway.Plane.Counters.RequestsByStatusClass(4).ShouldBe(1);
    }
}
