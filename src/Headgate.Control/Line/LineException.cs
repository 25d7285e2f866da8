namespace Headgate.Control.Line;

/// <summary>A line broke, or nothing useful came over it. The message is for people and has no secrets.</summary>
public sealed class LineException : Exception
{
    /// <inheritdoc/>
    public LineException()
    {
    }

    /// <inheritdoc/>
    public LineException(string message) : base(message)
    {
    }

    /// <summary>Whether a message was too long to be sent: the line is there as before.</summary>
    internal bool IsTooLong { get; init; }

    /// <inheritdoc/>
    public LineException(string message, Exception inner) : base(message, inner)
    {
    }
}
