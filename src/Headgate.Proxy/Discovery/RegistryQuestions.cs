using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Discovery;

/// <summary>Asks registries what people want to know, through the clients of a <see cref="DiscoveryLoop"/>.</summary>
/// <param name="loop">Has the registries.</param>
/// <param name="time">Clock of the limits.</param>
public sealed class RegistryQuestions(DiscoveryLoop loop, TimeProvider time) : IRegistryQuestions
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(string registry, int max, CancellationToken cancellationToken) =>
        await ClientOf(registry).ListServicesAsync(max, cancellationToken);

    /// <inheritdoc/>
    public async Task<ServiceAnswer> AskAsync(ServiceKey service, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await foreach (ServiceAnswer answer in ClientOf(service.Registry).FollowAsync(service, either.Token))
                return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // said below
        }

        throw new RegistryException($"{service.Registry} does not answer within {timeout.TotalSeconds:0.#} s");
    }

    /// <inheritdoc/>
    public async Task<RegistryTrial> TestAsync(RegistryConfig config, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await using IRegistryClient client = loop.MakeClient(config);
        if (await RegistryTest.RunAsync(client, timeout, time, cancellationToken) is { } failure)
            throw failure;
        return await CountAsync(client, timeout, cancellationToken);
    }

    /// <summary>A registry that has no list, or shows it to nobody of our rights, may be followed all the same.</summary>
    private async Task<RegistryTrial> CountAsync(IRegistryClient client, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return new RegistryTrial((await client.ListServicesAsync(int.MaxValue, either.Token)).Count, null);
        }
        catch (RegistryException e)
        {
            return new RegistryTrial(null, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RegistryTrial(null, $"its list of services does not come within {timeout.TotalSeconds:0.#} s");
        }
    }

    private IRegistryClient ClientOf(string registry) => loop.ClientOf(registry) ?? throw new RegistryException($"there is no registry {registry}");
}
