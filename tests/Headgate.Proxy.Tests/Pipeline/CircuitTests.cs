using Headgate.Core.Resilience;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

public sealed class CircuitTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task MostRequestsFail_Opens_AndClosesWhenTrialsSucceed()
    {
        bool fails = true;
        int asked = 0;
        using var log = new WrittenLines();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
            {
                Interlocked.Increment(ref asked);
                await peer.SendAsync(Volatile.Read(ref fails) ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, loggers: log);
        PutBreaker(openTime: "3600");
        gateway.Put(Core.Config.ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");

        for (int i = 0; i < 5; i++)
            (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 500 No\r\n");
        string refused = await gateway.SendRawAsync(Get);
        refused.ShouldStartWith("HTTP/1.1 503 ");
        refused.ShouldMatch("\r\nRetry-After: 3[56][0-9][0-9]\r\n"); // what is left of the hour
        refused.ShouldEndWith("{\"error_msg\":\"the circuit breaker of the upstream is open\"}\n");
        asked.ShouldBe(5);
        gateway.Plane.Counters.ShortCircuits.ShouldBe(1);
        Breaker(gateway).State.ShouldBe(CircuitState.Open);

        // An edit that ends the open time, so that no test has to be quicker than it.
        PutBreaker(openTime: "0.001");
        await Eventually.HoldsAsync(async () => (await gateway.SendRawAsync(Get)).StartsWith("HTTP/1.1 500 ", StringComparison.Ordinal), "a trial is let through, and fails");
        asked.ShouldBe(6);
        Volatile.Write(ref fails, false);
        await Eventually.HoldsAsync(() => AsksAsync(gateway, 200), "a trial succeeds");
        (await AsksAsync(gateway, 200)).ShouldBeTrue();
        Breaker(gateway).State.ShouldBe(CircuitState.Closed);
        asked.ShouldBe(8);
        await Eventually.HoldsAsync(() => log.Lines.Any(Is(1353)), "the last event");
        log.Lines.Count(Is(1351)).ShouldBe(2);
        log.Lines.Count(Is(1352)).ShouldBe(2);

        void PutBreaker(string openTime) =>
            gateway.PutUpstream("u", [node.Port], $$""","circuit_breaker":{"request_volume":5,"open_time":{{openTime}},"half_open_requests":2}""");

        static Func<string, bool> Is(int id) => line => line.StartsWith($"{id} ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestsThatSucceedByARetry_KeepItClosed()
    {
        await using ScriptedNode dying = ScriptedNode.Start(peer => peer.ReadHeadAsync());
        await using ScriptedNode good = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dying.Port, good.Port], ""","circuit_breaker":{"request_volume":1,"failure_percentage":1}""");
        (await ClosedLoop.RunAsync(gateway, 4, 100)).ShouldBe([new(200, 100)]);
        Breaker(gateway).State.ShouldBe(CircuitState.Closed);
    }

    private static async Task<bool> AsksAsync(GatewayUnderTest gateway, int status) =>
        (await gateway.SendRawAsync(Get)).StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal);

    private static CircuitBreaker Breaker(GatewayUnderTest gateway) => gateway.Plane.Upstreams.Find("upstreams/u")!.Breaker!;
}
