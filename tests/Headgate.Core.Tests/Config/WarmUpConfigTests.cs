using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>What <c>warm_up_conf</c> comes to, and the shares that follow. Defaults and formula are APISIX's.</summary>
public class WarmUpConfigTests
{
    private const string SomeNodes = "'nodes':{'127.0.0.1:8080':1}";

    [Fact]
    public void Parse_Absent_IsNull() => Read("").ShouldBeNull();

    [Fact]
    public void Parse_OnlyWhatIsRequired_HasTheDefaults() =>
        Read(",'warm_up_conf':{'slow_start_time_seconds':300,'min_weight_percent':1}")
            .ShouldBe(new WarmUpConfig(TimeSpan.FromSeconds(300), 1, TimeSpan.FromSeconds(1), 1, TimeSpan.Zero));

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("least_conn")]
    [InlineData("maglev")]
    public void Parse_Everything_IsTakenWithEveryType(string type) =>
        Read($",'type':'{type}','key':'uri','warm_up_conf':{{'slow_start_time_seconds':30,'min_weight_percent':10,'interval':5,'aggression':0.5,'startup_grace_period_seconds':180}}")
            .ShouldBe(new WarmUpConfig(TimeSpan.FromSeconds(30), 10, TimeSpan.FromSeconds(5), 0.5, TimeSpan.FromSeconds(180)));

    [Theory]
    [InlineData("{}", "property \"slow_start_time_seconds\" is required", "property \"min_weight_percent\" is required")]
    [InlineData("{'slow_start_time_seconds':0,'min_weight_percent':1}", "property \"slow_start_time_seconds\" validation failed: expected 0 to be at least 1")]
    [InlineData("{'slow_start_time_seconds':1,'min_weight_percent':101}", "property \"min_weight_percent\" validation failed: expected 101 to be at most 100")]
    [InlineData("{'slow_start_time_seconds':1,'min_weight_percent':1,'aggression':0}", "property \"aggression\" validation failed: expected 0 to be at least 0.01")]
    [InlineData("{'slow_start_time_seconds':1,'min_weight_percent':1,'interval':0.5}", "property \"interval\" validation failed: wrong type: expected integer, got number")]
    [InlineData("{'slow_start_time_seconds':1,'min_weight_percent':1,'startup_grace_period_seconds':-1}", "property \"startup_grace_period_seconds\" validation failed: expected -1 to be at least 0")]
    [InlineData("{'slow_start_time_seconds':1,'min_weight_percent':1,'window':1}", "additional properties forbidden, found window")]
    public void Parse_Wrong_IsRefused(string json, params string[] texts) =>
        Parsed.Upstream($"{{{SomeNodes},'warm_up_conf':{json}}}")
            .ShouldFailWith([.. texts.Select(text => "invalid configuration: property \"warm_up_conf\" validation failed: " + text)]);

    [Theory]
    [InlineData(1.0, 0, 1000)] // the first second counts as one whole: 1/100 is below the 10 %
    [InlineData(1.0, 50, 5000)]
    [InlineData(1.0, 99.99, 9999)]
    [InlineData(1.0, 100, 10_000)]
    [InlineData(1.0, 1e9, 10_000)]
    [InlineData(1.0, -5, 1000)]
    [InlineData(2.0, 25, 5000)] // 0.25^(1/2)
    [InlineData(0.5, 50, 2500)] // 0.5^2
    [InlineData(0.01, 50, 1000)] // 0.5^100 is nothing: the least share
    public void ShareAfter_HundredSecondsAndTenPercent_FollowsTheFormula(double aggression, double seconds, int share) =>
        new WarmUpConfig(TimeSpan.FromSeconds(100), 10, TimeSpan.FromSeconds(1), aggression, TimeSpan.Zero).ShareAfter(TimeSpan.FromSeconds(seconds)).ShouldBe(share);

    private static WarmUpConfig? Read(string more) => Parsed.Upstream($"{{{SomeNodes}{more}}}").Valid.WarmUp;
}
