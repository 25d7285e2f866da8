namespace Headgate.Core.Config;

/// <summary>Timeouts of one try, each &gt; 0.</summary>
/// <param name="Connect">Until the connection stands, TLS handshake included.</param>
/// <param name="Send">Between two successful writes to the node.</param>
/// <param name="Read">Between two successful reads from the node, the wait for the head included.</param>
public sealed record TimeoutConfig(TimeSpan Connect, TimeSpan Send, TimeSpan Read)
{
    /// <summary>60 s each, as nginx and APISIX.</summary>
    public static TimeoutConfig Default { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
}
