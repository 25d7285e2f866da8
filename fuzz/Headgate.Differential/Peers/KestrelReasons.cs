using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Headgate.Differential.Peers;

/// <summary>Kestrel says why it refuses in its log only: this takes the reason from there, by connection.</summary>
internal sealed partial class KestrelReasons : ILoggerProvider, ILogger
{
    /// <summary>The log category of refusals.</summary>
    public const string Category = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    private readonly ConcurrentDictionary<string, string> _clients = new();
    private readonly ConcurrentDictionary<string, string> _reasons = new();

    /// <summary>A connection of a client began.</summary>
    public void OnConnection(string connection, string client) => _clients[connection] = client;

    /// <summary>It ended.</summary>
    public void OnEnd(string connection) => _clients.TryRemove(connection, out _);

    /// <summary>Takes what was last said about a client; null when nothing was.</summary>
    public string? Take(string client) => _reasons.TryRemove(client, out string? reason) ? reason : null;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values || exception is null)
            return;
        if (values.FirstOrDefault(value => value.Key == "ConnectionId").Value is string connection && _clients.TryGetValue(connection, out string? client))
            _reasons[client] = Detail().Replace(exception.Message, "");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // "Invalid request line: 'GET ...'": what stands behind the colon is the input's, not the reason's.
    [GeneratedRegex(@"(:? '.*|: .*)$", RegexOptions.Singleline)]
    private static partial Regex Detail();
}
