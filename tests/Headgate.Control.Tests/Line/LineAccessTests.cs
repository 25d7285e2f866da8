using System.Net.WebSockets;
using System.Text;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Control.Tests.AdminApi;
using Headgate.Testing;

namespace Headgate.Control.Tests.Line;

/// <summary>Who may open a line, and what ends one that somebody opened who should not.</summary>
public sealed class LineAccessTests : LineTest
{
    [Theory]
    [InlineData(null)]
    [InlineData("hgi_000000000000_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(AdminServer.AdminKey)]
    public async Task WrongToken_IsRefused_AndSaidOnce(string? token)
    {
        Open(Instance(), token);

        await TicksUntilAsync(() => Server.Logs.Of(1423).Length >= 3, "it tries again and again");
        Log.Of(1421).ShouldBe([$"1421 The control plane {Server.Address.GetLeftPart(UriPartial.Authority)} cannot be reached: it answers 401 (the token is not good). Traffic is not concerned; trying again until it is there."]);
        Server.Logs.Of(1423)[0].ShouldBe("1423 A line was refused: 127.0.0.1: no instance token that is good, and no certificate.");
        Server.Fleet.All.ShouldBeEmpty();
        Server.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task ExpiredToken_IsRefused_AndEndsALine()
    {
        string token = await Server.TokenAsync(more: ",\"days\":1");
        Open(Instance(), token);
        Instance here = await HereAsync();
        await TicksUntilAsync(() => here.Running.Revision == 5 && here.IsFresh, "it reports");

        Clock.Advance(TimeSpan.FromDays(1)); // no report came in a day: it is silence that ends this one
        await TicksUntilAsync(() => Log.Of(1421).Any(static line => line.Contains("the token is not good", StringComparison.Ordinal)), "it comes again and is refused");
        here.Line.ShouldBeNull();
    }

    [Fact]
    public async Task DeletedToken_EndsTheLineWithinHalfAMinute()
    {
        string token = await Server.TokenAsync();
        Open(Instance(), token);
        Instance here = await HereAsync();
        (await Server.Client.Delete($"/api/gateway_groups/default/instance_tokens/{token.Split('_')[1]}")).ShouldBe(200);

        DateTimeOffset began = Clock.GetUtcNow();
        await TicksUntilAsync(() => here.Line is null, "the line ends");
        (Clock.GetUtcNow() - began).ShouldBeInRange(TimeSpan.FromSeconds(18), TimeSpan.FromSeconds(30));
        Server.Logs.Of(1425).ShouldBe(["1425 The line to instance gw-1 of gateway group default broke: its token is no longer good."]);
        await TicksUntilAsync(() => Log.Of(1421).Length == 2, "the instance says so, and then that it cannot come again");
        Log.Of(1421)[0].ShouldContain("its token is no longer good");
        Log.Of(1421)[1].ShouldContain("it answers 401 (the token is not good)");
    }

    [Fact]
    public async Task StoreAway_LeavesOpenLinesAlone_AndTellsNewOnes()
    {
        string token = await Server.TokenAsync();
        Open(Instance(), token);
        Instance here = await HereAsync();
        Store.SetUnavailable("connection refused");
        DateTimeOffset began = Clock.GetUtcNow();
        await TicksUntilAsync(() => Clock.GetUtcNow() - began > TimeSpan.FromMinutes(1), "a minute passes");
        (here.Line is not null, here.IsHeard).ShouldBe((true, true));

        Open(Instance("gw-2"), token);
        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "it is told");
        Log.Of(1421)[0].ShouldContain("it answers 503");
        Server.Logs.Errors.ShouldBeEmpty();
        Store.SetUnavailable(null);
        await TicksUntilAsync(() => Server.Fleet.Find("default", "gw-2") is { Line: not null }, "it comes in");
    }

    [Fact]
    public async Task TokenOfAnotherGroup_IsRefused_AndItsOwnIsNot()
    {
        (await Server.Client.Put("/api/gateway_groups/blue", """{"name":"Blue"}""")).ShouldBe(201);
        string token = await Server.TokenAsync("blue");
        LineClient wrong = Open(Instance(), token);

        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "it is refused");
        Log.Of(1421)[0].ShouldContain("cannot be reached: the instance is of gateway group default, its token is good for blue. ");
        Server.Logs.Of(1423)[0].ShouldEndWith("the instance is of gateway group default, its token is good for blue.");
        await LeaveAsync(wrong);
        Server.Fleet.All.ShouldBeEmpty();
        Open(Instance(group: "blue"), token);
        await HereAsync(group: "blue");
    }

    [Theory]
    [InlineData("""{"hello":{"protocol":7,"instance":{"id":"gw-1","group":"default","hostname":"h","version":"1","addresses":[],"cores":1,"start_time":"2026-05-04T03:02:01+00:00"}}}""", "the instance speaks version 7 of the line's protocol, this control plane (0.1.0) speaks 1")]
    [InlineData("""{"hello":{"protocol":1,"instance":{"id":"a/b","group":"default","hostname":"h","version":"1","addresses":[],"cores":1,"start_time":"2026-05-04T03:02:01+00:00"}}}""", "the instance's id or gateway group is none; allowed: 1 to 64 of a-z A-Z 0-9 - _ .")]
    [InlineData("""{"hello":{"protocol":1,"instance":{"id":"gw-1","group":"default","hostname":"h","version":"1","addresses":[null],"cores":1,"start_time":"2026-05-04T03:02:01+00:00"}}}""", "the instance's hostname, version or addresses are too long; allowed: 256 characters each, 256 addresses")]
    [InlineData("""{"hello":{"protocol":1,"instance":null}}""", "what came is no message: ")]
    [InlineData("""{"hello":{"protocol":1,"instance":{"id":"gw-1"}}}""", "what came is no message: ")]
    [InlineData("""{"goodbye":true}""", "a line begins with hello")]
    [InlineData("{}", "a line begins with hello")]
    [InlineData("null", "what came is no message: it is null")]
    [InlineData("GET / HTTP/1.1", "what came is no message: ")]
    public async Task WrongHello_IsRefusedWithTheReason(string hello, string farewell)
    {
        using RawLine line = await RawLine.OpenAsync(Server.Address, await Server.TokenAsync());
        await line.SendAsync(hello);

        (await line.ReceiveAsync()).ShouldBeNull();
        line.Farewell!.ShouldStartWith(farewell);
        Server.Fleet.All.ShouldBeEmpty();
        Server.Logs.Of(1423).ShouldHaveSingleItem().ShouldContain(farewell);
        Server.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\u0001\u0002")]
    [InlineData("""{"report":{}}""")]
    [InlineData("""{"report":{"running":null}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":null}}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"nodes":null}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"nodes":[null]}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"nodes":[{"owner":"a","node":"b","state":"down"}]}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"traffic":{"routes":{},"nodes":[null]}}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"traffic":{"routes":{},"nodes":[],"upstreams":[null]}}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"more_upstreams":[{"route":"1","owner":"upstreams/1","requests":1,"failures":0,"latencies":[176,1]}]}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"more_upstreams":[{"route":"1","owner":"upstreams/1","requests":1,"failures":0,"latencies":[1]}]}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d"},"more_upstreams":[{"route":"1","owner":"upstreams/1","requests":1,"failures":0,"latencies":[1,-1]}]}}""")]
    [InlineData("""{"report":{"running":{"revision":1,"digest":"d","rejected":null}}}""")]
    public async Task WrongMessage_EndsTheLine_AndHarmsNobody(string message)
    {
        using RawLine line = await OpenedAsync();
        await line.SendAsync(message);

        (await line.ReceiveAsync()).ShouldBeNull();
        line.Farewell!.ShouldStartWith("what came is no message: ");
        (await Server.Client.Get("/api/instances")).ShouldBe(200).Json.GetProperty("list")[0].GetProperty("connected").GetBoolean().ShouldBeFalse();
        Server.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task BinaryMessage_EndsTheLine()
    {
        using RawLine line = await OpenedAsync();
        await line.SendAsync(Encoding.UTF8.GetBytes("""{"goodbye":true}"""), WebSocketMessageType.Binary);

        (await line.ReceiveAsync()).ShouldBeNull();
        line.Farewell.ShouldBe("what came is no message: it is binary");
    }

    [Fact]
    public async Task OverlongMessage_EndsTheLine()
    {
        using RawLine line = await OpenedAsync();
        await Should.NotThrowAsync(async () =>
        {
            try
            {
                await line.SendAsync(new byte[LineSocket.MessageMax + (1 << 20)], WebSocketMessageType.Text);
            }
            catch (WebSocketException)
            {
                // the control plane does not read to its end
            }
        });

        await Eventually.HoldsAsync(() => Server.Logs.Of(1425).Length == 1, "the line ends");
        Server.Logs.Of(1425)[0].ShouldEndWith($"broke: a message is longer than {LineSocket.MessageMax} bytes.");
    }

    [Theory]
    [InlineData("""{"status":99,"body":{}}""")]
    [InlineData("""{"status":200,"body":[]}""")]
    [InlineData("""{"status":200,"body":null}""")]
    public async Task WrongAnswer_IsNone(string answer)
    {
        using RawLine line = await OpenedAsync();
        Task<InstanceAnswer> asked = Server.Fleet.Find("default", "gw-1")!.Line!.AskAsync(Question("overrides"), Token).AsTask();
        (await line.ReceiveAsync()).ShouldBe("""{"question":{"number":1,"question":{"method":"GET","path":"overrides"}}}""");
        await line.SendAsync("""{"answer":{"number":1,"answer":""" + answer + "}}");

        (await Should.ThrowAsync<LineException>(asked)).Message.ShouldBe("its answer is none: a status from 200 to 599 and an object are allowed");
    }

    [Fact]
    public async Task SilentPeer_LosesItsLine()
    {
        using RawLine line = await OpenedAsync();
        Instance here = Server.Fleet.Find("default", "gw-1")!;

        Clock.Advance(TimeSpan.FromSeconds(14.9));
        here.Line.ShouldNotBeNull();
        Clock.Advance(TimeSpan.FromSeconds(0.2));
        await Eventually.HoldsAsync(() => here.Line is null, "the line ends");
        Server.Logs.Of(1425).ShouldBe(["1425 The line to instance gw-1 of gateway group default broke: nothing came for 15 s."]);
    }

    [Fact]
    public async Task NoWebSocket_IsToldToUpgrade()
    {
        using var client = new AdminClient(Server.Address, null);
        (await client.Send("GET", LineRegistration.Path, null, ("Authorization", "Bearer " + await Server.TokenAsync()))).ShouldBe(426);
        (await client.Get(LineRegistration.Path)).ShouldBe(401);
    }

    private async Task<RawLine> OpenedAsync()
    {
        RawLine line = await RawLine.OpenAsync(Server.Address, await Server.TokenAsync());
        await line.SendAsync(RawLine.Hello);
        (await line.ReceiveAsync()).ShouldBe("""{"welcome":{"version":"0.1.0"}}""");
        await Eventually.HoldsAsync(() => Server.Fleet.Find("default", "gw-1") is { Line: not null }, "it is attached");
        return line;
    }
}
