using System.Net.Sockets;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>Sends bytes as they are to a running gateway with one node behind it, and keeps what both ends saw.</summary>
internal static class Attack
{
    /// <summary>What an attacker hides behind or inside a request: nobody may ever act on it when it stands behind a refused one.</summary>
    public const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>Sends <paramref name="sent"/> (Latin-1) in one piece, ends sending, and waits until everything about it is over.</summary>
    public static async Task<AttackResult> RunAsync(string sent, ProxyLimits? limits = null, string routeMore = "", string? nodeAnswer = null)
    {
        await using RecordingNode node = nodeAnswer is null ? new RecordingNode() : new RecordingNode(nodeAnswer);
        GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: limits, routeMore: routeMore);
        string own = OwnFields(gateway.Port);
        string received;
        await using (gateway)
        {
            received = await SendAsync(gateway, sent);
            await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "the client's connection is over");
            gateway.TriesInFlight.ShouldBe(0);
        }

        await node.EndedAsync();
        return new AttackResult(received, [.. node.Received.Select(text => text.Replace(own, "", StringComparison.Ordinal))]);
    }

    /// <summary>
    /// A chunked body that breaks behind a good chunk: 400, the end of the connection, and at the node neither the end of the body nor anything behind it.
    /// </summary>
    public static async Task IsBrokenBodyAsync(string attack, string head, string chunks)
    {
        AttackResult result = await RunAsync(head + chunks + Smuggled);
        Answer answer = result.Answers.ShouldHaveSingleItem(attack);
        answer.Status.ShouldBe(400, attack);
        answer.Head.ShouldContain("\r\nConnection: close\r\n", Case.Sensitive, attack);
        string saw = string.Concat(result.NodeSaw);
        (saw.StartsWith(head, StringComparison.Ordinal) || head.StartsWith(saw, StringComparison.Ordinal)).ShouldBeTrue(attack + ": " + saw);
        saw.ShouldNotContain("\r\n0\r\n", Case.Sensitive, attack);
        saw.ShouldNotContain("smuggled", Case.Sensitive, attack);
    }

    /// <summary>A refused head: its status and reason, the end of the connection, and not one byte for the node.</summary>
    public static async Task IsRefusedAsync(string attack, string sent, int status, string reason, ProxyLimits? limits = null)
    {
        AttackResult result = await RunAsync(sent + Smuggled, limits);
        Answer answer = result.Answers.ShouldHaveSingleItem(attack);
        answer.Status.ShouldBe(status, attack);
        answer.Head.ShouldContain("\r\nConnection: close\r\n", Case.Sensitive, attack);
        answer.Body.ShouldStartWith("{\"error_msg\":\"", Case.Sensitive, attack);
        answer.Body.ShouldContain(reason, Case.Sensitive, attack);
        answer.Body.ShouldEndWith("\"}\n", Case.Sensitive, attack);
        result.NodeSaw.ShouldBeEmpty(attack);
    }

    /// <summary>
    /// A request that is taken: the statuses of all answers (<c>"200 400"</c>), and every byte that reached the node, the lines that the gateway adds for a request to
    /// host x left out.
    /// </summary>
    public static async Task IsServedAsync(string attack, string sent, string statuses, string nodeSaw, string routeMore = "")
    {
        AttackResult result = await RunAsync(sent, routeMore: routeMore);
        result.Statuses.ShouldBe(statuses, attack);
        string.Concat(result.NodeSaw).ShouldBe(nodeSaw, attack);
    }

    private static async Task<string> SendAsync(GatewayUnderTest gateway, string sent)
    {
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync(Encoding.Latin1.GetBytes(sent));
        client.Shutdown(SocketShutdown.Send);
        return await GatewayUnderTest.ReadToEndAsync(client).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static string OwnFields(int port) =>
        $"X-Real-IP: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: x\r\nX-Forwarded-Port: {port}\r\n";
}
