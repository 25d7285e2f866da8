namespace Headgate.Proxy.Plugins.Redis;

/// <summary>What came of a call.</summary>
/// <param name="IsError">Whether nothing came of it: the server said so, or cannot be reached, or was too slow.</param>
/// <param name="First">The first number of the answer; 0 = there is none.</param>
/// <param name="Second">The second.</param>
/// <param name="Error">What the server said; null when it said nothing.</param>
internal readonly record struct RedisAnswer(bool IsError, long First, long Second, string? Error = null)
{
    /// <summary>The server was not asked, or has not answered.</summary>
    public static RedisAnswer Unreachable => new(true, 0, 0);

    /// <summary>Whether the server does not know the script.</summary>
    public bool IsUnknownScript => Error?.StartsWith("NOSCRIPT", StringComparison.Ordinal) == true;
}
