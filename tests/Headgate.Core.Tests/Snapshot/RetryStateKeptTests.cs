using Headgate.Core.Snapshot;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>What retries and the circuit have learnt belongs to the upstream and outlives its edits.</summary>
public sealed class RetryStateKeptTests : IDisposable
{
    private const string Breaker = """
        {"nodes":{"10.0.0.1:80":1},"circuit_breaker":{}}
        """;

    private readonly Gateway _gateway = new();

    public RetryStateKeptTests() => _gateway.Put("routes/r", """{"uri":"/a","upstream_id":"u"}""");

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("""{"nodes":{"10.0.0.2:80":1},"retry_budget":{"budget_percent":5}}""")]
    [InlineData("""{"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1},"type":"least_conn","circuit_breaker":{"window":1}}""")]
    public void Apply_Edit_KeepsBudgetAndBreaker(string edited)
    {
        UpstreamSnapshot before = Put(Breaker);
        UpstreamSnapshot after = Put(edited);
        after.RetryBudget.ShouldBeSameAs(before.RetryBudget);
        if (after.Config.CircuitBreaker is not null)
            after.Breaker.ShouldBeSameAs(before.Breaker.ShouldNotBeNull());
    }

    [Fact]
    public void Apply_BreakerTakenAway_ForgetsWhatItKnew()
    {
        UpstreamSnapshot before = Put(Breaker);
        Put("""{"nodes":{"10.0.0.1:80":1}}""").Breaker.ShouldBeNull();
        Put(Breaker).Breaker.ShouldNotBeNull().ShouldNotBeSameAs(before.Breaker);
    }

    private UpstreamSnapshot Put(string upstream)
    {
        _gateway.Put("upstreams/u", upstream);
        _gateway.Compiler.Rejected.ShouldBeEmpty();
        return _gateway.Upstream("/a");
    }
}
