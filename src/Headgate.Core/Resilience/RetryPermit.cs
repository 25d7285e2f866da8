namespace Headgate.Core.Resilience;

/// <summary>A place in a <see cref="RetryBudget"/>, or that there was none.</summary>
/// <param name="Window">The budget's window it was taken in; negative = none was taken.</param>
public readonly record struct RetryPermit(long Window)
{
    /// <summary>No place was taken, because none was asked for.</summary>
    public static RetryPermit None => new(-1);

    /// <summary>There is no place.</summary>
    public static RetryPermit Refused => new(-2);

    /// <summary>There is no place, and there was one for everybody in the time before: worth a word to people.</summary>
    public static RetryPermit RefusedFirst => new(-3);

    /// <summary>Whether a place was taken.</summary>
    public bool IsTaken => Window >= 0;
}
