using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Testing.Registries;

/// <summary>Follows one service of a client in the background and keeps what comes.</summary>
public sealed class ServiceLine : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private ServiceAnswer? _last;
    private int _answers;

    /// <summary>Begins to follow; after a failure it does not begin again.</summary>
    public ServiceLine(IRegistryClient client, ServiceKey service) => _following = FollowAsync(client, service);

    /// <summary>Answers so far.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>What ended it; null = it goes on.</summary>
    public RegistryException? Failure { get; private set; }

    /// <summary>The latest answer's hosts with ports and weights, <c>a:1*100</c>; null = there was none yet.</summary>
    public string[]? Nodes => Volatile.Read(ref _last) is { } last ? [.. last.Instances.Select(static one => $"{one.Host}:{one.Port}*{one.Weight}")] : null;

    /// <summary>The latest answer.</summary>
    public ServiceAnswer? Last => Volatile.Read(ref _last);

    /// <summary>Waits until the latest answer has these nodes.</summary>
    public Task HasAsync(params string[] nodes) => Eventually.HoldsAsync(() => Nodes?.SequenceEqual(nodes) ?? false, $"{string.Join(' ', nodes)}, not {string.Join(' ', Nodes ?? [])}: {Failure?.Message}");

    /// <summary>Waits until it has failed.</summary>
    public async Task<RegistryException> FailsAsync()
    {
        await Eventually.HoldsAsync(() => Failure is not null, "the failure");
        return Failure!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private async Task FollowAsync(IRegistryClient client, ServiceKey service)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await foreach (ServiceAnswer answer in client.FollowAsync(service, _stop.Token))
            {
                Volatile.Write(ref _last, answer);
                Interlocked.Increment(ref _answers);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the test is over
        }
        catch (RegistryException e)
        {
            Failure = e;
        }
    }
}
