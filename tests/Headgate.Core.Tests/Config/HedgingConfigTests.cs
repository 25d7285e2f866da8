using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class HedgingConfigTests
{
    private const string TwoNodes = "'nodes':{'127.0.0.1:8080':1,'127.0.0.2:8080':1}";

    [Fact]
    public void Parse_Nothing_IsOff() => Parsed.Upstream($"{{{TwoNodes}}}").Valid.Hedging.ShouldBeNull();

    [Fact]
    public void Parse_DelayOnly_HasTheDefaults()
    {
        HedgingConfig hedging = Read("'hedging_policy':{'hedging_delay':0.25}").Hedging.ShouldNotBeNull();
        hedging.ShouldBe(new HedgingConfig(TimeSpan.FromMilliseconds(250), 2));
    }

    [Fact]
    public void Parse_EveryField_IsTyped() =>
        Read("'retries':1,'retry_timeout':2,'per_try_timeout':1,'hedging_policy':{'hedging_delay':0.05,'max_attempts':2}").Hedging
            .ShouldBe(new HedgingConfig(TimeSpan.FromMilliseconds(50), 2));

    [Theory]
    [InlineData("'hedging_policy':{}", "invalid configuration: property \"hedging_policy\" validation failed: property \"hedging_delay\" is required")]
    [InlineData("'hedging_policy':{'hedging_delay':0}", "invalid configuration: property \"hedging_policy\" validation failed: property \"hedging_delay\" validation failed: expected 0 to be greater than 0")]
    [InlineData("'hedging_policy':{'hedging_delay':1,'max_attempts':1}", "invalid configuration: property \"hedging_policy\" validation failed: property \"max_attempts\" validation failed: expected 1 to be at least 2")]
    [InlineData("'hedging_policy':{'hedging_delay':1,'max_attempts':6}", "invalid configuration: property \"hedging_policy\" validation failed: property \"max_attempts\" validation failed: expected 6 to be at most 5")]
    [InlineData("'hedging_policy':{'hedging_delay':1,'delay':1}", "invalid configuration: property \"hedging_policy\" validation failed: additional properties forbidden, found delay")]
    [InlineData("'retries':0,'hedging_policy':{'hedging_delay':1}", "hedging_policy has no effect while retries is 0; leave one of the two out")]
    [InlineData("'retries':1,'hedging_policy':{'hedging_delay':1,'max_attempts':3}", "hedging_policy.max_attempts 3 is more than the 2 tries that retries allows")]
    [InlineData("'retry_budget':{'budget_percent':0,'min_retry_concurrency':0},'hedging_policy':{'hedging_delay':1}", "hedging_policy has no effect: retry_budget allows none; give it more than 0")]
    [InlineData("'per_try_timeout':0.5,'hedging_policy':{'hedging_delay':0.5}", "hedging_policy.hedging_delay has no effect: per_try_timeout has ended the first try by then; give less than 0.5")]
    [InlineData("'retry_timeout':0.5,'hedging_policy':{'hedging_delay':1}", "hedging_policy.hedging_delay has no effect: retry_timeout lets no try begin by then; give less than 0.5")]
    public void Parse_WrongValueOrWithoutEffect_IsRefused(string members, string error) => Parsed.Upstream($"{{{TwoNodes},{members}}}").ShouldFailWith(error);

    [Fact]
    public void Parse_TooFewNodes_IsWarnedAbout()
    {
        Parsed.Upstream("{'nodes':{'127.0.0.1:8080':1},'hedging_policy':{'hedging_delay':1}}").Warnings
            .ShouldBe(["hedging_policy has no effect with one node; it needs two or more"]);
        Parsed.Upstream($"{{{TwoNodes},'hedging_policy':{{'hedging_delay':1,'max_attempts':3}}}}").Warnings
            .ShouldBe(["hedging_policy.max_attempts 3 is more than the 2 nodes there are: each is asked once"]);
    }

    [Fact]
    public void Parse_NoNodesYet_IsAccepted() => Parsed.Upstream("{'nodes':{},'hedging_policy':{'hedging_delay':1,'max_attempts':5}}").Warnings.ShouldBeEmpty();

    private static UpstreamConfig Read(string members)
    {
        Parsed<UpstreamConfig> parsed = Parsed.Upstream($"{{{TwoNodes},{members}}}");
        parsed.Warnings.ShouldBeEmpty();
        return parsed.Valid;
    }
}
