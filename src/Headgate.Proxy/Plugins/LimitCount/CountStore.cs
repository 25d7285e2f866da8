namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>What counts the requests of a place or a group, by key. Thread-safe; never blocks, never throws.</summary>
internal abstract class CountStore
{
    /// <summary>A request comes. <paramref name="key"/> is read before this returns.</summary>
    public abstract ValueTask<CountResult> EnterAsync(ReadOnlySpan<byte> key);
}
