using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public class RequestLimitsTests
{
    [Fact]
    public void Parse_Nothing_NoLimitAndNoQueue()
    {
        UpstreamConfig upstream = Parsed.Upstream("{'nodes':{'a:80':1}}").Valid;

        (upstream.MaxRequests, upstream.Queue, upstream.LimitsRequests, upstream.Nodes[0].MaxRequests).ShouldBe((null, null, false, null));
    }

    [Fact]
    public void Parse_LimitsOfUpstreamAndNode_AreTaken()
    {
        UpstreamConfig upstream = Parsed.Upstream("{'nodes':[{'host':'a','weight':1,'max_requests':7},{'host':'b','weight':1}],'max_requests':5,'queue':{'size':9}}").Valid;

        (upstream.MaxRequests, upstream.Nodes[0].MaxRequests, upstream.Nodes[1].MaxRequests).ShouldBe((5, 7, null));
        upstream.Queue.ShouldBe(new RequestQueueConfig(9, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Parse_LimitOfANodeOnly_AllowsAQueue()
    {
        UpstreamConfig upstream = Parsed.Upstream("{'nodes':[{'host':'a','weight':1,'max_requests':7}],'queue':{'size':1,'timeout':0.25}}").Valid;

        upstream.LimitsRequests.ShouldBeTrue();
        upstream.Queue.ShouldBe(new RequestQueueConfig(1, TimeSpan.FromMilliseconds(250)));
    }

    [Theory]
    [InlineData("'max_requests':0", "invalid configuration: property \"max_requests\" validation failed: expected 0 to be at least 1")]
    [InlineData("'max_requests':1,'queue':{}", "invalid configuration: property \"queue\" validation failed: property \"size\" is required")]
    [InlineData("'max_requests':1,'queue':{'size':0}", "invalid configuration: property \"queue\" validation failed: property \"size\" validation failed: expected 0 to be at least 1")]
    [InlineData("'max_requests':1,'queue':{'size':1,'timeout':0}", "invalid configuration: property \"queue\" validation failed: property \"timeout\" validation failed: expected 0 to be greater than 0")]
    [InlineData("'max_requests':1,'queue':{'size':1,'length':1}", "invalid configuration: property \"queue\" validation failed: additional properties forbidden, found length")]
    [InlineData("'queue':{'size':1}", "queue has no effect without max_requests, here or on a node: requests wait only while every node has as many as it may")]
    public void Parse_Wrong_IsRefused(string fields, string text) => Parsed.Upstream($"{{'nodes':{{'a:80':1}},{fields}}}").ShouldFailWith(text);

    [Fact]
    public void Parse_InlineQueueWithoutLimit_NamesItsPlace() =>
        Parsed.Route("{'uri':'/a','upstream':{'nodes':{'a:80':1},'queue':{'size':1}}}").ShouldFailWith(
            "upstream.queue has no effect without upstream.max_requests, here or on a node: requests wait only while every node has as many as it may");
}
