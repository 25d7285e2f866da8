using System.Collections.Concurrent;
using Headgate.Proxy.Configuration;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Tests.Configuration;

/// <summary>Keeps what was logged: <c>1102 text</c>.</summary>
internal sealed class WrittenLog : ILogger<SnapshotSource>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string[] Lines => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
}
