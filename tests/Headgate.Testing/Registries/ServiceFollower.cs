using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Testing.Registries;

/// <summary>A service that a test follows, with all that its registry's client has said so far. It does not begin again after a failure.</summary>
public sealed class ServiceFollower : IAsyncDisposable
{
    private const string Nothing = "nothing";

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<ServiceAnswer> _answers = [];
    private readonly Task _running;
    private volatile RegistryException? _failure;

    /// <summary>Begins to follow.</summary>
    public ServiceFollower(IRegistryClient client, ServiceKey service) => _running = RunAsync(client, service);

    /// <summary>All answers, in their order.</summary>
    public IReadOnlyList<ServiceAnswer> Answers
    {
        get
        {
            lock (_gate)
                return [.. _answers];
        }
    }

    /// <summary>The last answer; null before the first.</summary>
    public ServiceAnswer? Latest
    {
        get
        {
            lock (_gate)
                return _answers.LastOrDefault();
        }
    }

    /// <summary>What ended it; null while it goes on.</summary>
    public RegistryException? Failure => _failure;

    /// <summary>The last answer's instances, <c>HOST:PORT*WEIGHT</c> with blanks between; empty for none, "nothing" before the first.</summary>
    public string Shown => Latest is { } answer ? Show(answer) : Nothing;

    /// <summary>As <see cref="Shown"/>, without weights: where they are said elsewhere.</summary>
    public string Addresses => Latest is { } answer ? string.Join(' ', answer.Instances.Select(static one => $"{one.Host}:{one.Port}")) : Nothing;

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

    /// <summary>Waits until <see cref="Shown"/> is this.</summary>
    public Task ShowsAsync(string shown) => BecomesAsync(() => Shown, shown);

    /// <summary>Waits until <see cref="Addresses"/> is this.</summary>
    public Task HasAddressesAsync(string addresses) => BecomesAsync(() => Addresses, addresses);

    /// <summary>Waits until following has failed.</summary>
    public async Task<RegistryException> FailsAsync()
    {
        await Eventually.HoldsAsync(() => Failure is not null, "a failure");
        return Failure!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task BecomesAsync(Func<string> now, string expected)
    {
        RegistryException? failure = null;
        await Eventually.HoldsAsync(
            () =>
            {
                failure = Failure; // before the answers, of which there are none after it
                return now() == expected || failure is not null;
            },
            $"the service is '{expected}'");
        if (now() != expected)
            throw new InvalidOperationException($"it failed before it was '{expected}'; it was '{now()}'", failure);
    }

    private async Task RunAsync(IRegistryClient client, ServiceKey service)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await foreach (ServiceAnswer answer in client.FollowAsync(service, _stop.Token))
            {
                lock (_gate)
                    _answers.Add(answer);
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
