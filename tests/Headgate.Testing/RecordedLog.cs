using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Headgate.Testing;

/// <summary>Keeps what was logged: <c>1052 text</c>.</summary>
public sealed class RecordedLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The messages so far.</summary>
    public string[] Lines => [.. _lines];

    /// <summary>Those of one event.</summary>
    public string[] Of(int eventId) => [.. Lines.Where(line => line.StartsWith($"{eventId} ", StringComparison.Ordinal))];

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
}
