using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Kept connections to nodes on which more came, or less was read, than the exchange before accounts for: the next client would get the wrong answer (response queue
/// poisoning). Sources: RFC 9112 §6.3 and §9.2; J. Kettle, "Browser-Powered Desync Attacks" (2022); CVE-2022-22720 (Apache).
/// </summary>
public sealed class PoisonedConnectionTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

    /// <summary>Attack, request, what the node answers in one piece, status and body for the client.</summary>
    public static TheoryData<string, string, string, int, string> Extra => new()
    {
        { "second answer", Get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + Forged, 200, "ok" },
        { "second answer behind an empty one", Get, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + Forged, 200, "" },
        { "body longer than its length", Get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", 200, "ok" },
        { "line end behind a body", Get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n", 200, "ok" },
        { "half of a second answer", Get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nX: ", 200, "ok" },
        { "204 with a body", Get, "HTTP/1.1 204 No Content\r\n\r\n" + Forged, 204, "" },
        { "204 that announces a body", Get, "HTTP/1.1 204 No Content\r\nContent-Length: 44\r\n\r\n" + Forged, 204, "" },
        { "204 that announces a body and sends none", Get, "HTTP/1.1 204 No Content\r\nContent-Length: 44\r\n\r\n", 204, "" },
        { "204 that announces chunks", Get, "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, "" },
        { "304 with a body", Get, "HTTP/1.1 304 Not Modified\r\nContent-Length: 44\r\n\r\n" + Forged, 304, "" },
        { "answer to HEAD with a body", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n" + Forged, 200, "" },
        { "answer to HEAD with chunks", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "" },
        { "interim answer behind the final one", Get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 100 Continue\r\n\r\n", 200, "ok" },
        { "Connection: close, and it stays open", Get, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 200, "ok" },
        { "HTTP/1.0, and it stays open", Get, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok" },
    };

    [Theory]
    [MemberData(nameof(Extra))]
    public Task MoreThanTheAnswer_ConnectionServesNobodyAgain(string attack, string request, string answer, int status, string body) =>
        ServesNobodyAgainAsync(attack, request, status, body, async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(answer);
        });

    [Fact]
    public Task EndlessBodyBehindItsLength_ConnectionServesNobodyAgain() =>
        ServesNobodyAgainAsync("Content-Length: 2 and a stream", Get, 200, "ok", async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            while (true)
                await peer.SendAsync(new byte[16_384]);
        });

    [Theory]
    [InlineData(Forged)] // the answer that the next client would get
    [InlineData("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")] // what honest servers say before they close an idle connection
    [InlineData("H")]
    public async Task SpeaksOnAnIdleConnection_ServesNobodyAgain(string unasked)
    {
        var parked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await ServesNobodyAgainAsync("unasked", Get, 200, "ok", parked.SetResult, async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("ok");
            await parked.Task.WaitAsync(peer.Stopping);
            await peer.SendAsync(unasked);
        });
    }

    [Fact]
    public async Task AnswersBeforeItHasTheBody_ServesNobodyAgain()
    {
        // Pause-based and CL.0 desync: the node answers a request whose body it will not read as one. Here the rest comes while the answer is under way, so that both are
        // complete in the end; what the node does with the rest, only the node knows.
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            if (peer.Number > 1)
            {
                await peer.AnswerAsync("clean");
                await peer.WaitForEndAsync();
                return;
            }

            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nea");
            await peer.ReadHeadAsync(); // the body, taken for a request
            await peer.SendAsync("rl");
            await sent.Task.WaitAsync(peer.Stopping);
            await peer.SendAsync(Forged);
            await peer.WaitForEndAsync();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using var victim = new AskingClient(await gateway.ConnectAsync());
        using (var attacker = new AskingClient(await gateway.ConnectAsync()))
        {
            await attacker.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n");
            await attacker.WaitForAsync("\r\n\r\nea");
            await attacker.SendAsync(Attack.Smuggled);
            (await attacker.ReadAsync()).Body.ShouldBe("earl");
        }

        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0, "closed");
        sent.SetResult();
        (await victim.AskAsync(Get)).Body.ShouldBe("clean");
        node.Accepted.ShouldBe(2);
    }

    private static Task ServesNobodyAgainAsync(string attack, string request, int status, string body, Func<ScriptedPeer, Task> hostile) =>
        ServesNobodyAgainAsync(attack, request, status, body, () => { }, hostile);

    private static async Task ServesNobodyAgainAsync(string attack, string request, int status, string body, Action answered, Func<ScriptedPeer, Task> hostile)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            if (peer.Number > 1)
            {
                await peer.AnswerAllAsync("clean");
                return;
            }

            await hostile(peer);
            await peer.WaitForEndAsync();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using var client = new AskingClient(await gateway.ConnectAsync());
        Answer first = await client.AskAsync(request);
        (first.Status, first.Body).ShouldBe((status, body), attack);
        answered();
        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0, attack + ": the connection to the node is closed");

        Answer second = await client.AskAsync(Get);
        (second.Status, second.Body).ShouldBe((200, "clean"), attack);
        node.Accepted.ShouldBe(2, attack);
        gateway.TriesInFlight.ShouldBe(0);
    }
}
