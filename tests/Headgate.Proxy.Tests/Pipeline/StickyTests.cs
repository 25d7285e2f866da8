using System.Text.RegularExpressions;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Sticky sessions as a client sees them.</summary>
public sealed partial class StickyTests
{
    private const string Sticky = ",\"sticky\":{\"cookie\":{\"name\":\"s\",\"max_age\":60}}";

    [Fact]
    public async Task Session_ManyRequests_StaysOnTheNodeThatAnsweredFirst()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using ScriptedNode c = ScriptedNode.StartAnswering("c");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([a.Port, b.Port, c.Port], Sticky);

        var cookies = new HashSet<string>();
        for (int session = 0; session < 6; session++)
        {
            string first = await gateway.SendRawAsync(Get(null));
            string cookie = CookieOf(first);
            cookies.Add(cookie);
            first.ShouldContain($"\r\nSet-Cookie: {cookie}; Path=/; Max-Age=60; HttpOnly\r\n");
            for (int i = 0; i < 5; i++)
            {
                string next = await gateway.SendRawAsync(Get($"x=1; {cookie}"));
                next[^1].ShouldBe(first[^1]);
                next.ShouldNotContain("Set-Cookie");
            }
        }

        cookies.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Session_ItsNodeDies_TheNextAnswersAndIsSetInItsPlace()
    {
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([a.Port, b.Port], Sticky);
        string first = await gateway.SendRawAsync(Get(null));
        string cookie = first[^1] == 'a' ? CookieOf(first) : CookieOf(await gateway.SendRawAsync(Get(null)));
        (await gateway.SendRawAsync(Get(cookie))).ShouldEndWith("a");
        await a.DisposeAsync();

        string moved = await gateway.SendRawAsync(Get(cookie));

        moved.ShouldStartWith("HTTP/1.1 200 ");
        moved.ShouldEndWith("b");
        string fresh = CookieOf(moved);
        fresh.ShouldNotBe(cookie);
        string stays = await gateway.SendRawAsync(Get(fresh));
        stays.ShouldEndWith("b");
        stays.ShouldNotContain("Set-Cookie");
    }

    [Fact]
    public async Task Session_NodesOwnCookies_AreAllPassedOn()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nSet-Cookie: own=1\r\nContent-Length: 0\r\nSet-Cookie: own=2\r\n\r\n");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], Sticky);

        SetCookie().Count(await gateway.SendRawAsync(Get(null))).ShouldBe(3);
    }

    [Fact]
    public async Task Session_NoNodeAnswers_NoCookieIsSet()
    {
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([port], Sticky);
            string answer = await gateway.SendRawAsync(Get(null));
            answer.ShouldStartWith("HTTP/1.1 502 ");
            answer.ShouldNotContain("Set-Cookie");
        }
    }

    [Fact]
    public async Task KeptConnection_CookieOfOneAnswer_IsNotInTheNext()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([a.Port], Sticky);
        string cookie = CookieOf(await gateway.SendRawAsync(Get(null)));

        string answers = await gateway.SendRawAsync($"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n" + Get(null));

        SetCookie().Count(answers).ShouldBe(2);
    }

    [Fact]
    public async Task Http2_Session_StaysOnItsNode()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([a.Port, b.Port], Sticky);
        using var client = new Http2Client(gateway.Port);
        HttpResponseMessage first = await client.GetAsync("/");
        string body = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string cookie = first.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().Split(';')[0];

        for (int i = 0; i < 6; i++)
        {
            HttpResponseMessage next = await client.GetAsync("/", ("Cookie", $"x=1; {cookie}"));
            (await next.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(body);
            next.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }
    }

    private static string Get(string? cookie) => $"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{(cookie is null ? "" : $"Cookie: {cookie}\r\n")}\r\n";

    private static string CookieOf(string answer)
    {
        string pair = SetCookie().Match(answer).Groups["pair"].Value;
        pair.ShouldMatch("^s=[0-9a-f]{16}$");
        return pair;
    }

    [GeneratedRegex(@"\r\nSet-Cookie: (?<pair>[^;\r]*)")]
    private static partial Regex SetCookie();
}
