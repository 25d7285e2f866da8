namespace Headgate.Proxy.Plugins.Calls;

/// <summary>How plugins' calls to servers of HTTP are made: equal terms share connections.</summary>
/// <param name="VerifiesTls">Whether servers' certificates are verified.</param>
/// <param name="KeepsAlive">Whether a connection serves more than one call.</param>
/// <param name="IdleTimeout">How long a connection is kept that nobody uses.</param>
internal sealed record CallTerms(bool VerifiesTls, bool KeepsAlive, TimeSpan IdleTimeout);
