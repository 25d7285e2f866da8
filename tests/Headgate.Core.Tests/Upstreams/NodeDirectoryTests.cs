using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Upstreams;

public class NodeDirectoryTests
{
    private static readonly NodeKey Key = new("upstreams/1", "a.test", 80);
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedNodes _nodes = new();

    [Fact]
    public void Enter_WithinTenMinutesOfLeaving_GivesTheSameState()
    {
        using var directory = new NodeDirectory(_time, _nodes);
        NodeState node = directory.Enter(Key);

        directory.Leave(node);
        _time.Advance(NodeDirectory.RememberedFor - TimeSpan.FromSeconds(1));

        directory.Enter(Key).ShouldBeSameAs(node);
        _nodes.Take().ShouldBe(["added a.test:80", "removed a.test:80", "added a.test:80"]);
    }

    [Fact]
    public void Leave_TenMinutesAgo_IsForgottenAndTheTimerStops()
    {
        using var directory = new NodeDirectory(_time, _nodes);
        NodeState node = directory.Enter(Key);
        _time.ActiveTimers.ShouldBe(0);

        directory.Leave(node);
        _time.Advance(NodeDirectory.RememberedFor + TimeSpan.FromMinutes(1));

        _nodes.Take().ShouldBe(["added a.test:80", "removed a.test:80", "forgotten a.test:80"]);
        _time.ActiveTimers.ShouldBe(0);
        directory.Enter(Key).ShouldNotBeSameAs(node);
    }

    [Fact]
    public void Leave_AgainAfterComingBack_CountsFromTheLastTime()
    {
        using var directory = new NodeDirectory(_time, _nodes);
        NodeState node = directory.Enter(Key);
        directory.Leave(node);
        _time.Advance(TimeSpan.FromMinutes(6));
        directory.Enter(Key);
        directory.Leave(node);

        _time.Advance(TimeSpan.FromMinutes(6)); // 12 after the first leave, 6 after the second

        directory.Enter(Key).ShouldBeSameAs(node);
        _nodes.Take().ShouldNotContain("forgotten a.test:80");
    }

    [Fact]
    public void Leave_MoreThanTheMaximum_ForgetsTheOldestEarly()
    {
        using var directory = new NodeDirectory(_time, new NodeObservers());
        NodeState first = directory.Enter(Key);
        directory.Leave(first);
        for (int port = 0; port < NodeDirectory.RememberedMax; port++)
            directory.Leave(directory.Enter(new NodeKey("upstreams/2", "b.test", port)));

        directory.Enter(Key).ShouldNotBeSameAs(first);
    }

    [Fact]
    public void Enter_SameHostOfAnotherOwner_IsAnotherNode()
    {
        using var directory = new NodeDirectory(_time, _nodes);
        NodeState node = directory.Enter(Key);
        directory.Leave(node);

        directory.Enter(Key with { Owner = "upstreams/2" }).ShouldNotBeSameAs(node);
        directory.Enter(Key with { Port = 81 }).ShouldNotBeSameAs(node);
    }
}
