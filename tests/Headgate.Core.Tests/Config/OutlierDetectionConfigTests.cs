using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>What <c>outlier_detection</c> and the panic fields come to, and every error they can have of their own.</summary>
public sealed class OutlierDetectionConfigTests
{
    private const string FiveNodes = "'nodes':{'a:1':1,'a:2':1,'a:3':1,'a:4':1,'a:5':1}";

    [Fact]
    public void Parse_None_IsNull()
    {
        UpstreamConfig upstream = Parsed.Upstream($"{{{FiveNodes}}}").Valid;
        (upstream.OutlierDetection, upstream.PanicThreshold, upstream.FailTrafficOnPanic).ShouldBe((null, 0, false));
    }

    [Fact]
    public void Parse_EveryDetectionWithItsSwitchOnly_HasTheDefaults() =>
        Read("'consecutive_5xx':5,'consecutive_gateway_failure':4,'failure_percentage_threshold':85,'success_rate_stdev_factor':1900,'latency_factor':3").ShouldBe(new OutlierDetectionConfig
        {
            Interval = TimeSpan.FromSeconds(10),
            Consecutive5xx = 5,
            ConsecutiveGatewayFailure = 4,
            FailurePercentage = new FailurePercentageConfig(85, 2, 50),
            SuccessRate = new SuccessRateConfig(1900, 5, 100),
            Latency = new LatencyOutlierConfig(3, 3, 50, 2, TimeSpan.FromMilliseconds(1)),
            BaseEjectionTime = TimeSpan.FromSeconds(30),
            MaxEjectionTime = TimeSpan.FromSeconds(300),
            MaxEjectionPercent = 50,
            MinRemainingHosts = 1,
            ReturnPercent = 10,
        });

    [Fact]
    public void Parse_Everything_IsTaken() =>
        Read("""
            'interval':0.5,'consecutive_5xx':1,'consecutive_gateway_failure':2,
            'failure_percentage_threshold':10,'failure_percentage_minimum_hosts':1,'failure_percentage_request_volume':7,
            'success_rate_stdev_factor':1200,'success_rate_minimum_hosts':4,'success_rate_request_volume':8,
            'latency_factor':2.5,'latency_minimum_hosts':4,'latency_request_volume':9,'latency_windows':3,'latency_min_difference':0.02,
            'base_ejection_time':1.5,'max_ejection_time':6,'max_ejection_percent':20,'min_remaining_hosts':4,'return_percent':25
            """).ShouldBe(new OutlierDetectionConfig
        {
            Interval = TimeSpan.FromSeconds(0.5),
            Consecutive5xx = 1,
            ConsecutiveGatewayFailure = 2,
            FailurePercentage = new FailurePercentageConfig(10, 1, 7),
            SuccessRate = new SuccessRateConfig(1200, 4, 8),
            Latency = new LatencyOutlierConfig(2.5, 4, 9, 3, TimeSpan.FromMilliseconds(20)),
            BaseEjectionTime = TimeSpan.FromSeconds(1.5),
            MaxEjectionTime = TimeSpan.FromSeconds(6),
            MaxEjectionPercent = 20,
            MinRemainingHosts = 4,
            ReturnPercent = 25,
        });

    [Fact]
    public void Parse_BaseBeyondTheUsualMaximum_IsTheMaximumToo() =>
        Read("'consecutive_5xx':1,'base_ejection_time':900").MaxEjectionTime.ShouldBe(TimeSpan.FromSeconds(900));

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(10, 300)]
    [InlineData(int.MaxValue, 300)]
    public void EjectionTime_InARow_GrowsUpToTheMaximum(int inRow, int seconds) => new OutlierDetectionConfig().EjectionTime(inRow).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("", "outlier_detection has no effect: it names no detection; give consecutive_5xx, consecutive_gateway_failure, failure_percentage_threshold, success_rate_stdev_factor or latency_factor")]
    [InlineData("'consecutive_5xx':5,'failure_percentage_minimum_hosts':3", "outlier_detection.failure_percentage_minimum_hosts has no effect without failure_percentage_threshold")]
    [InlineData("'consecutive_5xx':5,'failure_percentage_request_volume':3", "outlier_detection.failure_percentage_request_volume has no effect without failure_percentage_threshold")]
    [InlineData("'consecutive_5xx':5,'success_rate_minimum_hosts':3", "outlier_detection.success_rate_minimum_hosts has no effect without success_rate_stdev_factor")]
    [InlineData("'consecutive_5xx':5,'success_rate_request_volume':3", "outlier_detection.success_rate_request_volume has no effect without success_rate_stdev_factor")]
    [InlineData("'consecutive_5xx':5,'latency_minimum_hosts':3", "outlier_detection.latency_minimum_hosts has no effect without latency_factor")]
    [InlineData("'consecutive_5xx':5,'latency_request_volume':5", "outlier_detection.latency_request_volume has no effect without latency_factor")]
    [InlineData("'consecutive_5xx':5,'latency_windows':3", "outlier_detection.latency_windows has no effect without latency_factor")]
    [InlineData("'consecutive_5xx':5,'latency_min_difference':3", "outlier_detection.latency_min_difference has no effect without latency_factor")]
    [InlineData("'consecutive_5xx':5,'max_ejection_time':29", "outlier_detection.max_ejection_time 29 is less than base_ejection_time 30; at least that")]
    public void Parse_WithoutEffect_IsRefused(string fields, string text) =>
        Parsed.Upstream($"{{{FiveNodes},'outlier_detection':{{{fields}}}}}").ShouldFailWith(text);

    [Theory]
    [InlineData("'nodes':{'a:1':1}", "'consecutive_5xx':5", "outlier_detection has no effect with one node, which is always used; it needs two or more")]
    [InlineData("'nodes':{'a:1':1,'a:2':1}", "'latency_factor':3", "outlier_detection.latency_minimum_hosts 3 is more than the 2 nodes there are, so that none can be ejected; the detection needs 3 nodes")]
    [InlineData(FiveNodes, "'consecutive_5xx':5,'max_ejection_percent':19", "outlier_detection.max_ejection_percent 19 of 5 nodes is less than one, so that none can be ejected; at least 20")]
    [InlineData(FiveNodes, "'consecutive_5xx':5,'min_remaining_hosts':5", "outlier_detection.min_remaining_hosts 5 of 5 nodes, so that none can be ejected; at most 4")]
    [InlineData(FiveNodes, "'failure_percentage_threshold':5,'failure_percentage_minimum_hosts':6", "outlier_detection.failure_percentage_minimum_hosts 6 is more than the 5 nodes there are, so that none can be ejected; at most 5")]
    [InlineData(FiveNodes, "'success_rate_stdev_factor':1900,'success_rate_minimum_hosts':6", "outlier_detection.success_rate_minimum_hosts 6 is more than the 5 nodes there are, so that none can be ejected; at most 5")]
    [InlineData(FiveNodes, "'success_rate_stdev_factor':2000", "outlier_detection.success_rate_stdev_factor 2000 is never reached with 5 nodes, so that none can be ejected; at most 1999")]
    [InlineData(FiveNodes, "'latency_factor':3,'latency_minimum_hosts':6", "outlier_detection.latency_minimum_hosts 6 is more than the 5 nodes there are, so that none can be ejected; at most 5")]
    public void Parse_TooFewNodes_IsWarnedAboutAndServed(string nodes, string fields, string text)
    {
        // A script that takes nodes away must not fail over it.
        Parsed<UpstreamConfig> parsed = Parsed.Upstream($"{{{nodes},'outlier_detection':{{{fields}}}}}");
        parsed.Errors.ShouldBeEmpty();
        parsed.Warnings.ShouldBe([text]);
    }

    [Theory]
    [InlineData("'nodes':{}")]
    [InlineData("'service_name':'s','discovery_type':'dns'")]
    public void Parse_NodesNotKnown_IsAccepted(string nodes) => Parsed.Upstream($"{{{nodes},'outlier_detection':{{'consecutive_5xx':5}}}}").Errors.ShouldBeEmpty();

    [Fact]
    public void Parse_UnknownMember_IsRefused() =>
        Parsed.Upstream($"{{{FiveNodes},'outlier_detection':{{'consecutive_5xx':5,'latency_window':1}}}}").ShouldFailWith(
            "invalid configuration: property \"outlier_detection\" validation failed: additional properties forbidden, found latency_window (did you mean latency_windows?)");

    [Theory]
    [InlineData("'panic_threshold':50", "panic_threshold has no effect without checks or outlier_detection: nothing else finds nodes unusable")]
    [InlineData("'fail_traffic_on_panic':true", "fail_traffic_on_panic has no effect without checks or outlier_detection: nothing else finds nodes unusable")]
    public void Parse_PanicWithoutDetection_IsRefused(string field, string text)
    {
        Parsed.Upstream($"{{{FiveNodes},{field}}}").ShouldFailWith(text);
        Parsed.Upstream($"{{{FiveNodes},{field},'checks':{{'active':{{}}}}}}").Errors.ShouldBeEmpty();
        Parsed.Upstream($"{{{FiveNodes},{field},'outlier_detection':{{'consecutive_5xx':5}}}}").Errors.ShouldBeEmpty();
    }

    private static OutlierDetectionConfig Read(string fields) => Parsed.Upstream($"{{{FiveNodes},'outlier_detection':{{{fields}}}}}").Valid.OutlierDetection.ShouldNotBeNull();
}
