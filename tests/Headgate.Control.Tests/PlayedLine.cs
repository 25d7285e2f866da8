using Headgate.Control.Line;

namespace Headgate.Control.Tests;

/// <summary>The line of an instance that is not there: a test says what it reports and answers.</summary>
internal sealed class PlayedLine(Func<InstanceQuestion, InstanceAnswer>? answer = null) : IInstanceLine
{
    public string? Closed { get; private set; }

    /// <summary>Who an instance is. <paramref name="start"/>: seconds that it was started after the first one.</summary>
    public static InstanceIdentity Identity(string id, string group = "default", int start = 0) =>
        new(id, group, "host-of-" + id, "1.2.3", ["http://127.0.0.1:9080"], 2, new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero).AddSeconds(start));

    public ValueTask<InstanceAnswer> AskAsync(InstanceQuestion question, CancellationToken cancellationToken) =>
        ValueTask.FromResult(answer is null ? throw new LineException("the line broke") : answer(question));

    public void Close(string reason) => Closed = reason;
}
