using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Core.Tests.Discovery;

/// <summary>What a registry writes, and what becomes of it.</summary>
public sealed class ServiceAnswerBuilderTests
{
    private readonly ServiceAnswerBuilder _builder = new();

    [Fact]
    public void Build_Instances_AreInOrderAndNormal()
    {
        _builder.Add("b", "WEB.test", 81, 2.4, 1, [new MetadataEntry("z", "1"), new MetadataEntry("a", "2")]);
        _builder.Add("a", "::1", null, 0);
        _builder.Add("c", "[FE80::1]", 65535, int.MaxValue);

        _builder.Build().Instances.ShouldBe(
        [
            new ServiceInstance("[::1]", null, 0),
            new ServiceInstance("[fe80::1]", 65535, int.MaxValue),
            new ServiceInstance("web.test", 81, 2, 1) { Metadata = [new MetadataEntry("a", "2"), new MetadataEntry("z", "1")] },
        ]);
    }

    [Fact]
    public void Build_SameAddressTwice_AddsTheWeights()
    {
        _builder.Add("a", "10.0.0.1", 80, 3);
        _builder.Add("b", "10.0.0.1", 80, int.MaxValue);
        _builder.Build().Instances.ShouldBe([new ServiceInstance("10.0.0.1", 80, int.MaxValue)]);
    }

    [Theory]
    [InlineData(null, 80, 1, "at: nothing is no host")]
    [InlineData("a b", 80, 1, "at: \"a b\" is no host")]
    [InlineData("a", 0, 1, "at: the port of a is 0; allowed: 1 to 65535")]
    [InlineData("a", 65536, 1, "at: the port of a is 65536; allowed: 1 to 65535")]
    [InlineData("a", 80, -1, "at: the weight of a is -1; allowed: 0 to 2147483647")]
    [InlineData("a", 80, double.NaN, "at: the weight of a is NaN; allowed: 0 to 2147483647")]
    [InlineData("a", 80, 1e10, "at: the weight of a is 10000000000; allowed: 0 to 2147483647")]
    public void Build_BadInstance_IsLeftOutAndNamed(string? host, int port, double weight, string problem)
    {
        _builder.Add("good", "10.0.0.1", 80, 1);
        _builder.Add("at", host, port, weight);

        _builder.IsGarbage.ShouldBeFalse();
        ServiceAnswer answer = _builder.Build();
        answer.Instances.Count.ShouldBe(1);
        answer.Problems.ShouldBe([problem]);
    }

    [Fact]
    public void Build_ManyProblems_AreCounted()
    {
        for (int i = 0; i < 1000; i++)
            _builder.Add($"{i}", "", 80, 1);
        _builder.IsGarbage.ShouldBeTrue();
        _builder.Build().Problems.Count.ShouldBe(21);
        _builder.Build().Problems[^1].ShouldBe("980 more");
    }
}
