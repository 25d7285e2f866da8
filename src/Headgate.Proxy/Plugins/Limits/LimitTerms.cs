using Headgate.Proxy.Plugins.Redis;

namespace Headgate.Proxy.Plugins.Limits;

/// <summary>What configurations of all plugins that limit say.</summary>
/// <param name="KeyType">What <paramref name="Key"/> is.</param>
/// <param name="Key">What is counted together.</param>
/// <param name="Refusal">What the refused are told.</param>
/// <param name="Redis">Where is counted; null = in this gateway instance.</param>
/// <param name="AllowsDegradation">Whether requests go on uncounted when nothing can be counted; if not, they are answered 500.</param>
public sealed record LimitTerms(LimitKeyType KeyType, string Key, LimitRefusal Refusal, RedisServer? Redis, bool AllowsDegradation);
