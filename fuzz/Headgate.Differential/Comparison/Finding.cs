namespace Headgate.Differential.Comparison;

/// <summary>A kind of difference and its first input.</summary>
/// <param name="Signature">What differs.</param>
/// <param name="Input">An input that shows it; made smaller at the end.</param>
/// <param name="Source">The case, or seed and number of the mutation.</param>
internal sealed record Finding(string Signature, byte[] Input, string Source)
{
    private long _count = 1;

    /// <summary>Inputs that showed it.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Another input showed it.</summary>
    public void Again() => Interlocked.Increment(ref _count);
}
