namespace Headgate.Proxy.Discovery;

/// <summary>How a registry is tested while no service shows how it is.</summary>
/// <param name="Interval">Time between two tests.</param>
/// <param name="Timeout">Time that a test may take.</param>
internal sealed record RegistryProbing(TimeSpan Interval, TimeSpan Timeout)
{
    /// <summary>The defaults, API7's: every 15 s, 5 s each.</summary>
    public static RegistryProbing Default { get; } = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5));
}
