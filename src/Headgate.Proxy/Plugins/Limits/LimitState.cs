namespace Headgate.Proxy.Plugins.Limits;

/// <summary>What is counted for one key. Thread-safe without a lock. Once retired it counts nothing any more: who still holds it looks the key up again.</summary>
internal abstract class LimitState
{
    /// <summary>When it was last begun or used, in the plugin's own unit: equal for as long as nothing happens. Those of a smaller one are dropped first.</summary>
    public abstract long Stamp { get; }

    /// <summary>Retires it when nothing of it counts any more at <paramref name="now"/>, or, where that can be done, <paramref name="always"/>; false = it goes on.</summary>
    public abstract bool TryRetire(long now, bool always);
}
