namespace Headgate.Tests.Fuzz;

/// <summary>What came of the inputs of a run. Written by all its threads.</summary>
internal sealed class RunTally
{
    private readonly long[] _byClass = new long[6];
    private long _inputs;

    /// <summary>Inputs done.</summary>
    public long Inputs => Volatile.Read(ref _inputs);

    /// <summary>Counts an input whose first answer has that status; 0 = none.</summary>
    public void Count(int status)
    {
        Interlocked.Increment(ref _byClass[Math.Clamp(status / 100, 0, 5)]);
        Interlocked.Increment(ref _inputs);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Inputs:N0} inputs: {string.Join(", ", _byClass.Select((count, digit) => $"{(digit == 0 ? "no answer" : digit + "xx")} {count:N0}"))}";
}
