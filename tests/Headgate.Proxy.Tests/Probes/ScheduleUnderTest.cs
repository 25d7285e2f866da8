using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Probes;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>A schedule on a clock that stands still, fed with upstreams as they are served, whose probes a test ends when it likes.</summary>
internal sealed class ScheduleUnderTest : IUpstreamObserver, IDisposable
{
    private readonly SnapshotCompiler _compiler;
    private readonly NodeDirectory _directory;
    private readonly Dictionary<ProbedNode, TaskCompletionSource> _underWay = [];
    private long _revision;

    public ScheduleUnderTest(int seed)
    {
        _directory = new NodeDirectory(Time, new NodeObservers());
        _compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, this);
        Schedule = new ProbeSchedule(ProbeAsync, Time, new TimerProbeClock(Time), seed);
    }

    public ManualTimeProvider Time { get; } = new();

    public ProbeSchedule Schedule { get; }

    /// <summary>Probes that have started, in order: when, by the clock, and of which node.</summary>
    public List<(DateTimeOffset At, ProbedNode Node)> Started { get; } = [];

    /// <summary>Probes that have started and not ended.</summary>
    public IReadOnlyCollection<ProbedNode> UnderWay => _underWay.Keys;

    /// <summary>Which probes do not end by themselves.</summary>
    public Predicate<ProbedNode> Hangs { get; set; } = static _ => false;

    public void Put(string id, string? json)
    {
        _compiler.Apply(++_revision, [new ConfigChange(ResourceKind.Upstream, id, json is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(json))]);
        _compiler.Rejected.ShouldBeEmpty();
    }

    public void Put(string id, IEnumerable<int> hosts, string active = "") =>
        Put(id, $"{{\"nodes\":{{{string.Join(',', hosts.Select(host => $"\"10.{host >> 16}.{(host >> 8) & 255}.{host & 255}:80\":1"))}}},\"checks\":{{\"active\":{{{active}}}}}}}");

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public void End(ProbedNode node)
    {
        _underWay.Remove(node, out TaskCompletionSource? end);
        end!.SetResult();
    }

    public void Served(string owner, UpstreamSnapshot upstream)
    {
        if (ProbePlan.For(upstream.Config) is { } plan)
            Schedule.Set(owner, upstream, plan);
        else
            Schedule.Remove(owner);
    }

    public void Removed(string owner) => Schedule.Remove(owner);

    public void Dispose()
    {
        Schedule.Dispose();
        _directory.Dispose();
    }

    private ValueTask ProbeAsync(ProbedNode node)
    {
        Started.Add((Time.GetUtcNow(), node));
        if (!Hangs(node))
            return ValueTask.CompletedTask;
        var end = new TaskCompletionSource(); // goes on inside End
        _underWay.Add(node, end);
        return new ValueTask(end.Task);
    }
}
