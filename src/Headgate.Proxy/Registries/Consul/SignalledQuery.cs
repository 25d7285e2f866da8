using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>A question that is asked when <see cref="ConsulSignals"/> says so. An answer with the index of the last one is that one, and is passed over unread.</summary>
internal sealed class SignalledQuery(ConsulServer server, ConsulQuestion question, IAsyncEnumerable<bool> signals) : IConsulSource
{
    private IAsyncEnumerator<bool>? _signals;
    private ulong _index;

    /// <inheritdoc/>
    public async Task<ConsulReply> NextAsync(CancellationToken cancellationToken)
    {
        _signals ??= signals.GetAsyncEnumerator(cancellationToken);
        while (await _signals.MoveNextAsync())
        {
            ConsulReply reply = await server.ReadAsync(question, cancellationToken);
            if (reply.Index == _index && _index > 0)
                continue;
            _index = reply.Index;
            return reply;
        }

        throw new RegistryException($"{server.Name} is no longer asked for changes");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _signals?.DisposeAsync() ?? ValueTask.CompletedTask;
}
