using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>The requests of one key within a window of time.</summary>
internal abstract class CountWindow : LimitState
{
    /// <summary>A request comes at <paramref name="nowMs"/>, milliseconds of a clock that begins at 0 and does not go back.</summary>
    public abstract CountResult Enter(long nowMs);
}
