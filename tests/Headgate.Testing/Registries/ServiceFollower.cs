using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Testing.Registries;

/// <summary>A service that a test follows, with what its registry's client has said so far. It does not begin again after a failure.</summary>
public sealed class ServiceFollower : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private volatile ServiceAnswer? _latest;
    private volatile RegistryException? _failure;
    private int _answers;

    /// <summary>Begins to follow.</summary>
    public ServiceFollower(IRegistryClient client, ServiceKey service) => _running = RunAsync(client, service);

    /// <summary>The last answer; null before the first.</summary>
    public ServiceAnswer? Latest => _latest;

    /// <summary>What ended it; null while it goes on.</summary>
    public RegistryException? Failure => _failure;

    /// <summary>How many answers there were.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>The last answer's instances, <c>HOST:PORT*WEIGHT</c> with blanks between; empty for none, "nothing" before the first.</summary>
    public string Shown => _latest is { } answer ? Show(answer) : "nothing";

    /// <summary>An answer's instances, as <see cref="Shown"/>.</summary>
    public static string Show(ServiceAnswer answer) => string.Join(' ', answer.Instances.Select(static one => $"{one.Host}:{one.Port}*{one.Weight}"));

    /// <summary>The first answer.</summary>
    public static async Task<ServiceAnswer> FirstAsync(IRegistryClient client, ServiceKey service)
    {
        await foreach (ServiceAnswer answer in client.FollowAsync(service, CancellationToken.None))
            return answer;
        throw new InvalidOperationException("following ended by itself");
    }

    /// <summary>The failure that comes instead of a first answer.</summary>
    public static async Task<RegistryException> FailureAsync(IRegistryClient client, ServiceKey service)
    {
        try
        {
            throw new InvalidOperationException($"there is an answer: {Show(await FirstAsync(client, service))}");
        }
        catch (RegistryException e)
        {
            return e;
        }
    }

    /// <summary>Waits until the last answer is shown so.</summary>
    public Task ShowsAsync(string shown) => Eventually.HoldsAsync(() => Shown == shown, $"the service shown as {shown}, last {Shown}, failure {Failure?.Message}");

    /// <summary>Waits until following has failed.</summary>
    public Task FailsAsync() => Eventually.HoldsAsync(() => Failure is not null, "a failure");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IRegistryClient client, ServiceKey service)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await foreach (ServiceAnswer answer in client.FollowAsync(service, _stop.Token))
            {
                _latest = answer;
                Interlocked.Increment(ref _answers);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the test is done
        }
        catch (RegistryException e)
        {
            _failure = e;
        }
    }
}
