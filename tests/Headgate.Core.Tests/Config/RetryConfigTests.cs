using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class RetryConfigTests
{
    private const string Nodes = "'nodes':{'127.0.0.1:8080':1}";

    [Fact]
    public void Parse_Nothing_HasTheDefaults()
    {
        UpstreamConfig upstream = Read("");
        upstream.Retry.ShouldBeSameAs(RetryConfig.Default);
        upstream.CircuitBreaker.ShouldBeNull();
        upstream.Retry.On.ShouldBe(RetryConditions.ConnectFailure | RetryConditions.Reset | RetryConditions.Timeout);
        upstream.Retry.Statuses.ShouldBeNull();
        upstream.Retry.NonIdempotent.ShouldBeFalse();
        upstream.Retry.PerTryTimeout.ShouldBeNull();
        upstream.Retry.BackOff.ShouldBeNull();
        upstream.Retry.Budget.ShouldBe(new RetryBudgetConfig(20, 3));
        upstream.Retry.BodyBytesMax.ShouldBe(65_536);
    }

    [Fact]
    public void Parse_EveryField_IsTyped()
    {
        UpstreamConfig upstream = Read("""
            ,'retry_on':['reset','gateway-error'],'retriable_status_codes':[429],'retry_non_idempotent':true,'per_try_timeout':0.5,
             'retry_back_off':{'base_interval':0.1,'max_interval':3,'retry_after':true},'retry_budget':{'budget_percent':10,'min_retry_concurrency':0},
             'per_request_buffer_limit_bytes':1000,
             'circuit_breaker':{'failure_percentage':30,'request_volume':5,'window':2,'open_time':1.5,'half_open_requests':1}
            """);
        upstream.Retry.ShouldBe(new RetryConfig
        {
            On = RetryConditions.Reset,
            Statuses = new StatusSet(429, 502, 503, 504),
            NonIdempotent = true,
            PerTryTimeout = TimeSpan.FromSeconds(0.5),
            BackOff = new BackOffConfig(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(3), true),
            Budget = new RetryBudgetConfig(10, 0),
            BodyBytesMax = 1000,
        });
        upstream.CircuitBreaker.ShouldBe(new CircuitBreakerConfig
        {
            FailurePercentage = 30,
            RequestVolume = 5,
            Window = TimeSpan.FromSeconds(2),
            OpenTime = TimeSpan.FromSeconds(1.5),
            HalfOpenRequests = 1,
        });
    }

    [Fact]
    public void Parse_EmptyGroups_HaveTheDefaults()
    {
        UpstreamConfig upstream = Read(",'retry_budget':{},'circuit_breaker':{}");
        upstream.Retry.ShouldBe(RetryConfig.Default);
        upstream.CircuitBreaker.ShouldBe(new CircuitBreakerConfig());
        var breaker = new CircuitBreakerConfig();
        (breaker.FailurePercentage, breaker.RequestVolume, breaker.HalfOpenRequests).ShouldBe((50, 20, 3));
        (breaker.Window, breaker.OpenTime).ShouldBe((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Parse_MaxIntervalNotWritten_IsTenTimesTheBase() =>
        Read(",'retry_back_off':{'base_interval':0.2}").Retry.BackOff.ShouldBe(new BackOffConfig(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(2), false));

    [Theory]
    [InlineData("connect-failure", RetryConditions.ConnectFailure, 0)]
    [InlineData("reset", RetryConditions.Reset, 0)]
    [InlineData("timeout", RetryConditions.Timeout, 0)]
    [InlineData("5xx", RetryConditions.None, 100)]
    [InlineData("gateway-error", RetryConditions.None, 3)]
    public void Parse_OneCondition_IsOnlyThat(string name, RetryConditions on, int statuses)
    {
        RetryConfig retry = Read($",'retry_on':['{name}']").Retry;
        retry.On.ShouldBe(on);
        (retry.Statuses?.Count() ?? 0).ShouldBe(statuses);
    }

    [Theory]
    [InlineData("'retry_on':['http_500']", "invalid configuration: property \"retry_on\" validation failed: failed to validate item 1: matches none of the enum values (given \"http_500\"; allowed: connect-failure, reset, timeout, 5xx, gateway-error)")]
    [InlineData("'retry_on':[]", "invalid configuration: property \"retry_on\" validation failed: expect array to have at least 1 items")]
    [InlineData("'retriable_status_codes':[99]", "invalid configuration: property \"retriable_status_codes\" validation failed: failed to validate item 1: expected 99 to be at least 200")]
    [InlineData("'per_try_timeout':0", "invalid configuration: property \"per_try_timeout\" validation failed: expected 0 to be greater than 0")]
    [InlineData("'retry_back_off':{}", "invalid configuration: property \"retry_back_off\" validation failed: property \"base_interval\" is required")]
    [InlineData("'retry_back_off':{'base_interval':1,'max':2}", "invalid configuration: property \"retry_back_off\" validation failed: additional properties forbidden, found max")]
    [InlineData("'retry_budget':{'budget_percent':101}", "invalid configuration: property \"retry_budget\" validation failed: property \"budget_percent\" validation failed: expected 101 to be at most 100")]
    [InlineData("'circuit_breaker':{'failure_percentage':0}", "invalid configuration: property \"circuit_breaker\" validation failed: property \"failure_percentage\" validation failed: expected 0 to be at least 1")]
    [InlineData("'per_request_buffer_limit_bytes':16777217", "invalid configuration: property \"per_request_buffer_limit_bytes\" validation failed: expected 16777217 to be at most 16777216")]
    [InlineData("'retry_back_off':{'base_interval':2,'max_interval':1}", "retry_back_off.max_interval is less than retry_back_off.base_interval; give at least as much")]
    [InlineData("'retry_back_off':{'base_interval':2,'retry_after':true}", "retry_back_off.retry_after has no effect while neither 429 nor 503 is tried again; add one to retriable_status_codes")]
    [InlineData("'retry_on':['connect-failure'],'retry_non_idempotent':true", "retry_non_idempotent has no effect while retry_on is only connect-failure: nothing was sent then, and every method is tried again")]
    public void Parse_WrongValue_IsRefused(string members, string error) => Parsed.Upstream($"{{{Nodes},{members}}}").ShouldFailWith(error);

    [Theory]
    [InlineData("retry_on", "['reset']")]
    [InlineData("retriable_status_codes", "[503]")]
    [InlineData("retry_non_idempotent", "true")]
    [InlineData("retry_back_off", "{'base_interval':1}")]
    [InlineData("retry_budget", "{}")]
    [InlineData("per_request_buffer_limit_bytes", "0")]
    public void Parse_WithoutRetries_IsRefused(string name, string value) =>
        Parsed.Upstream($"{{{Nodes},'retries':0,'{name}':{value}}}").ShouldFailWith($"{name} has no effect while retries is 0; leave one of the two out");

    [Fact]
    public void Parse_PerTryTimeoutAndBreakerWithoutRetries_AreAccepted() =>
        Read(",'retries':0,'per_try_timeout':1,'circuit_breaker':{}").Retry.PerTryTimeout.ShouldBe(TimeSpan.FromSeconds(1));

    private static UpstreamConfig Read(string members)
    {
        Parsed<UpstreamConfig> parsed = Parsed.Upstream($"{{{Nodes}{members}}}");
        parsed.Warnings.ShouldBeEmpty();
        return parsed.Valid;
    }
}
