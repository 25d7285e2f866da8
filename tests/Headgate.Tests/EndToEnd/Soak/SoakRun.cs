using System.Collections.Concurrent;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>What the parts of one soak share.</summary>
internal sealed class SoakRun(GatewayProcess gateway, DeathLedger ledger, int seed, CancellationToken stopping)
{
    private long _lastId;

    public GatewayProcess Gateway => gateway;

    public int Port { get; } = gateway.HttpPort;

    public int Seed => seed;

    public DeathLedger Ledger => ledger;

    public SoakTally Tally { get; } = new(ledger);

    /// <summary>What nodes threw.</summary>
    public ConcurrentQueue<Exception> NodeErrors { get; } = new();

    /// <summary>Flows begin nothing new.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>A number no other request has.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);
}
