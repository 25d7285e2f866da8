using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;

namespace Headgate.Proxy.Registries.ConsulKv;

/// <summary>Follows one folder at the first of some servers that answers. One caller at a time.</summary>
/// <param name="candidates">Who may be asked, at least one, in the order in which they are.</param>
/// <param name="follow">Begins to follow at one.</param>
internal sealed class ConsulKvFollower(IReadOnlyList<ConsulServer> candidates, Func<ConsulServer, IAsyncEnumerable<ServiceAnswer>> follow) : IAsyncDisposable
{
    private IAsyncEnumerator<ServiceAnswer>? _answers;
    private int _current;

    /// <summary>The first answer, then the next ones.</summary>
    /// <exception cref="RegistryException">No server gives one; or this folder has nothing of use.</exception>
    public async Task<ServiceAnswer> NextAsync(CancellationToken cancellationToken)
    {
        var failures = new List<RegistryException>();
        while (true)
        {
            _answers ??= follow(candidates[_current]).GetAsyncEnumerator(cancellationToken);
            try
            {
                if (await _answers.MoveNextAsync())
                    return _answers.Current;
                failures.Add(new RegistryException($"{candidates[_current].Name} is no longer asked"));
            }
            catch (RegistryException e) when (!e.IsOfServiceOnly)
            {
                failures.Add(e);
            }

            await DisposeAsync();
            if (failures.Count == candidates.Count)
                throw RegistryFailures.Join(failures);
            _current = (_current + 1) % candidates.Count;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        IAsyncEnumerator<ServiceAnswer>? answers = _answers;
        _answers = null;
        if (answers is not null)
            await answers.DisposeAsync();
    }
}
