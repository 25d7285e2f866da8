using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Tests.Line;

/// <summary>Keeps what a whole server has logged: <c>1423 text</c>.</summary>
public sealed class RecordedLogs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The messages of one event.</summary>
    public string[] Of(int eventId) => [.. _lines.Where(line => line.StartsWith($"{eventId} ", StringComparison.Ordinal))];

    /// <summary>What should not have been: errors.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = $"{eventId.Id} {formatter(state, exception)}";
        _lines.Enqueue(line);
        if (logLevel >= LogLevel.Error)
            Errors.Enqueue($"{line} {exception}");
    }

    public void Dispose()
    {
        // nothing is held
    }
}
