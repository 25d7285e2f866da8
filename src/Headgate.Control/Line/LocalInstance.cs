using Headgate.Core.Snapshot;

namespace Headgate.Control.Line;

/// <summary>The gateway instance that this process is, as control planes know it. Made before anything is served.</summary>
public sealed class LocalInstance : IDisposable
{
    private readonly InstanceParts _parts;
    private readonly NodeSightings _sightings;
    private readonly TrafficMeter _meter;
    private InstanceIdentity? _identity;
    private InstanceQuestions? _questions;

    /// <summary>Begins to note what happens.</summary>
    public LocalInstance(InstanceParts parts, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        _sightings = new NodeSightings(parts.Upstreams, time);
        _meter = new TrafficMeter(parts.Routes, parts.Upstreams, time);
    }

    /// <summary>Who it is; set when it serves traffic, before the first line.</summary>
    public InstanceIdentity Identity
    {
        get => _identity ?? throw new InvalidOperationException("the instance does not know yet who it is");
        set => _identity = value;
    }

    /// <summary>What it knows.</summary>
    internal InstanceParts Parts => _parts;

    /// <summary>Answers what is asked of it; set before the first line.</summary>
    internal InstanceQuestions Questions
    {
        get => _questions ?? throw new InvalidOperationException("nobody answers for the instance yet");
        set => _questions = value;
    }

    /// <summary>What it runs with.</summary>
    internal RunningConfiguration Running
    {
        get
        {
            RunningConfiguration running = _parts.Snapshots.Running;
            return running.FailingSince is null && _parts.StandIn() is { } stale ? running with { FailingSince = stale.Since, Failure = stale.Why } : running;
        }
    }

    /// <summary>The nodes that are not simply up.</summary>
    internal IReadOnlyDictionary<(string Owner, string Node), NodeSighting> Sightings => _sightings.Now;

    /// <summary>How they are found.</summary>
    internal NodeSightings SightingsForTest => _sightings;

    /// <summary>The traffic of the last seconds.</summary>
    internal TrafficReport? Traffic => _meter.Latest;

    /// <summary>Completes when it runs a revision after <paramref name="revision"/>.</summary>
    internal ValueTask WaitAfterAsync(long revision, CancellationToken cancellationToken) => _parts.Snapshots.WaitForRevisionAsync(revision + 1, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
