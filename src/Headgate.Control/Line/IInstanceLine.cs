namespace Headgate.Control.Line;

/// <summary>The way to an instance that is there now.</summary>
internal interface IInstanceLine
{
    /// <summary>Asks it. Any thread, several questions at once.</summary>
    /// <exception cref="LineException">It gives no answer: the line broke, or it took too long.</exception>
    ValueTask<InstanceAnswer> AskAsync(InstanceQuestion question, CancellationToken cancellationToken);

    /// <summary>Ends the line; it is told why, if it can be.</summary>
    void Close(string reason);
}
