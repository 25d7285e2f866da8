namespace Headgate.Core.Config;

/// <summary>Idle connections kept for reuse.</summary>
/// <param name="Size">Idle connections kept per endpoint, ≥ 1; default 320.</param>
/// <param name="IdleTimeout">How long an unused one is kept, ≥ 0; zero = not kept; default 60 s.</param>
/// <param name="Requests">Requests a connection serves before it is closed, ≥ 1; default 1000.</param>
public sealed record KeepalivePoolConfig(int Size, TimeSpan IdleTimeout, int Requests)
{
    /// <summary>320, 60 s, 1000, as APISIX.</summary>
    public static KeepalivePoolConfig Default { get; } = new(320, TimeSpan.FromSeconds(60), 1000);
}
