using Headgate.Core.Config.Registries;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>
/// A question that the server waits with until its answer changes (Consul's documentation, "Blocking Queries"). An index that goes back, or is none, is not waited with: the next question
/// begins anew. Where the settings want no waiting, the server is asked at intervals.
/// </summary>
/// <param name="server">Who is asked.</param>
/// <param name="question">What.</param>
/// <param name="access">How.</param>
/// <param name="pace">What spaces the questions out.</param>
/// <param name="gap">
/// Least time between two questions: the first change after a quiet time is heard at once, of a storm of them one in this time, and a server that does not wait is not asked without end.
/// </param>
internal sealed class BlockingQuery(ConsulServer server, ConsulQuestion question, ConsulAccess access, ConsulPace pace, TimeSpan gap) : IConsulSource
{
    private ulong _index;
    private long _askedAt;
    private TimeSpan _gap;

    /// <inheritdoc/>
    public async Task<ConsulReply> NextAsync(CancellationToken cancellationToken)
    {
        if (_gap > TimeSpan.Zero)
            await pace.KeepAsync(_gap, _askedAt, cancellationToken);
        _askedAt = pace.Now;
        ConsulReply reply = _index == 0 ? await server.ReadAsync(question, cancellationToken) : await server.WaitAsync(question, _index, cancellationToken);
        bool waits = access.WaitsForChanges && reply.Index > 0;
        _gap = waits ? gap : access.FetchInterval;
        _index = waits && reply.Index >= _index ? reply.Index : 0;
        return reply;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
