using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Configuration;

/// <summary>The one reference that a change swaps. Read once per request; written by the configuration loop alone.</summary>
public sealed class SnapshotHolder
{
    private GatewaySnapshot _current = new();

    /// <summary>The configuration being served.</summary>
    public GatewaySnapshot Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
