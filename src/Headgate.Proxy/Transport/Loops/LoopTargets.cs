namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// Who is registered with a loop, by token. A token names a place and how often it was given away, so that an event for a target that is gone finds nobody, although
/// its place has a new owner.
/// </summary>
internal sealed class LoopTargets
{
    /// <summary>Never given out.</summary>
    public const ulong NoToken = ulong.MaxValue;

    private readonly Stack<int> _free = new();
    private (ILoopTarget? Target, uint Generation)[] _places = new (ILoopTarget?, uint)[64];
    private int _used;

    /// <summary>All that are registered.</summary>
    public IEnumerable<ILoopTarget> All => _places.Where(p => p.Target is not null).Select(p => p.Target!).ToArray();

    /// <summary>Gives a token to <paramref name="target"/>.</summary>
    public ulong Add(ILoopTarget target)
    {
        if (!_free.TryPop(out int index))
        {
            index = _used++;
            if (index == _places.Length)
                Array.Resize(ref _places, index * 2);
        }

        ref (ILoopTarget? Target, uint Generation) place = ref _places[index];
        place.Target = target;
        return ((ulong)place.Generation << 32) | (uint)index;
    }

    /// <summary>Whose token it is; null when it was removed.</summary>
    public ILoopTarget? Find(ulong token)
    {
        ref (ILoopTarget? Target, uint Generation) place = ref _places[(int)(uint)token];
        return place.Generation == (uint)(token >> 32) ? place.Target : null;
    }

    /// <summary>Takes the token back.</summary>
    public void Remove(ulong token)
    {
        int index = (int)(uint)token;
        if (Find(token) is null)
            return;
        _places[index] = (null, _places[index].Generation + 1);
        _free.Push(index);
    }
}
