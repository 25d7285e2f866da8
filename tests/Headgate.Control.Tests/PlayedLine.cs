using Headgate.Control.Line;

namespace Headgate.Control.Tests;

/// <summary>The line of an instance that is not there: a test says what it reports and answers.</summary>
internal sealed class PlayedLine(Func<InstanceQuestion, InstanceAnswer>? answer = null) : IInstanceLine
{
    public string? Closed { get; private set; }

    /// <summary>Who an instance is.</summary>
    public static InstanceIdentity Identity(string id, string group = "default") =>
        new(id, group, "host-of-" + id, "1.2.3", ["http://127.0.0.1:9080"], 2, new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    public ValueTask<InstanceAnswer> AskAsync(InstanceQuestion question, CancellationToken cancellationToken) =>
        ValueTask.FromResult(answer is null ? throw new LineException("the line broke") : answer(question));

    public void Close(string reason) => Closed = reason;
}
