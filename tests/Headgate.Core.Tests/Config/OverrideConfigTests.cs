using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>What is read of overrides, and the texts of what is wrong.</summary>
public sealed class OverrideConfigTests
{
    private const string Given = ""","who":"ops","since":1767225600.125}""";

    [Fact]
    public void ParseOverride_EveryMember_IsRead()
    {
        OverrideConfig config = Parse("upstreams/1/a.test:80", """{"kind":"drain","deadline":1.5,"note":"new disks" """ + Given).ShouldNotBeNull();

        config.ShouldBe(new OverrideConfig
        {
            Target = new OverrideTarget("upstreams/1", "a.test", 80),
            Kind = OverrideKind.Drain,
            Deadline = TimeSpan.FromSeconds(1.5),
            Note = "new disks",
            Who = "ops",
            Since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, 125, TimeSpan.Zero),
        });
        config.DeadlineAt.ShouldBe(config.Since.AddSeconds(1.5));
    }

    [Theory]
    [InlineData("drain", OverrideKind.Drain)]
    [InlineData("force_up", OverrideKind.ForceUp)]
    [InlineData("force_down", OverrideKind.ForceDown)]
    public void ParseOverride_EveryKind_HasItsName(string name, OverrideKind kind)
    {
        Parse("services/s/[::1]:80", $$"""{"kind":"{{name}}" """ + Given).ShouldNotBeNull().Kind.ShouldBe(kind);
        kind.Name().ShouldBe(name);
        OverrideKinds.Find(name).ShouldBe(kind);
    }

    [Fact]
    public void ParseOverride_DeadlineZero_IsNone() =>
        Parse("upstreams/1/a.test:80", """{"kind":"drain","deadline":0""" + Given).ShouldNotBeNull().DeadlineAt.ShouldBeNull();

    [Theory]
    [InlineData("{}", "invalid configuration: property \"kind\" is required")]
    [InlineData("""{"kind":"rest"}""", "invalid configuration: property \"kind\" validation failed: matches none of the enum values (given \"rest\"; allowed: drain, force_up, force_down)")]
    [InlineData("""{"kind":"drain","deadline":-1}""", "invalid configuration: property \"deadline\" validation failed: expected -1 to be at least 0")]
    [InlineData("""{"kind":"force_up","deadline":5}""", "deadline has an effect with kind drain only")]
    [InlineData("""{"kind":"force_up","min_remaining":2}""", "min_remaining has an effect with kind drain and force_down only")]
    [InlineData("""{"kind":"force_up","force":true}""", "force has an effect with kind drain and force_down only")]
    [InlineData("""{"kind":"drain","min_remaining":2,"force":true}""", "min_remaining has no effect beside force")]
    [InlineData("""{"kind":"drain","dedline":5}""", "invalid configuration: additional properties forbidden, found dedline (did you mean deadline?)")]
    public void ParseOverrideRequest_Wrong_SaysSo(string json, string message)
    {
        var errors = new ConfigErrors();
        using JsonDocument document = JsonDocument.Parse(json);

        ConfigParser.ParseOverrideRequest(document.RootElement, errors).ShouldBeNull();

        errors.Errors.ShouldHaveSingleItem().Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("""{"kind":"drain"}""", 1)]
    [InlineData("""{"kind":"drain","force":true}""", 0)]
    [InlineData("""{"kind":"force_down","min_remaining":3}""", 3)]
    public void ParseOverrideRequest_Remaining_IsOneUnlessItSays(string json, int remaining)
    {
        using JsonDocument document = JsonDocument.Parse(json);

        ConfigParser.ParseOverrideRequest(document.RootElement, new ConfigErrors()).ShouldNotBeNull().RemainingMin.ShouldBe(remaining);
    }

    [Theory]
    [InlineData("upstreams/1", "a.test:80", "a.test", 80)]
    [InlineData("routes/7", "A.Test:65535", "a.test", 65535)]
    [InlineData("services/s", "[2001:db8::1]:1", "[2001:db8::1]", 1)]
    public void TryParse_Node_IsTakenApart(string owner, string address, string host, int port)
    {
        OverrideTarget.TryParse(owner, address, out OverrideTarget target).ShouldBeTrue();

        target.ShouldBe(new OverrideTarget(owner, host, port));
        OverrideTarget.TryParse(target.Id, out OverrideTarget again).ShouldBeTrue();
        again.ShouldBe(target);
        ResourceKinds.TryParseKey(target.Key, out ResourceKind kind, out string key).ShouldBeTrue();
        (kind, key).ShouldBe((ResourceKind.Override, target.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.test:80")]
    [InlineData("upstreams/a.test:80")]
    [InlineData("upstreams//a.test:80")]
    [InlineData("consumers/1/a.test:80")]
    [InlineData("upstreams/1/2/a.test:80")]
    [InlineData("upstreams/1/a.test")]
    [InlineData("upstreams/1/a.test:0")]
    [InlineData("upstreams/1/a.test:65536")]
    [InlineData("upstreams/1/a.test:+80")]
    [InlineData("upstreams/1/a.test:080")]
    [InlineData("upstreams/1/A.test:80")]
    [InlineData("upstreams/1/:80")]
    [InlineData("upstreams/1/::1:80")]
    [InlineData("upstreams/1/*.test:80")]
    public void TryParse_NoNode_IsFalse(string id) => OverrideTarget.TryParse(id, out _).ShouldBeFalse();

    [Fact]
    public void ParseOverride_IdThatNamesNoNode_IsRefused()
    {
        var errors = new ConfigErrors();
        using JsonDocument document = JsonDocument.Parse("""{"kind":"drain" """ + Given);

        ConfigParser.ParseOverride("1", document.RootElement, errors).ShouldBeNull();

        errors.Errors.ShouldHaveSingleItem().Message.ShouldBe("\"1\" names no node; allowed: upstreams/ID/HOST:PORT, the same with routes or services");
    }

    private static OverrideConfig? Parse(string id, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ConfigParser.ParseOverride(id, document.RootElement, new ConfigErrors());
    }
}
