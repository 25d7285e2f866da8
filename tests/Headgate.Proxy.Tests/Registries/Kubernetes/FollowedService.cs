using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

/// <summary>A service that a client follows, with all that it has said so far.</summary>
internal sealed class FollowedService : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<ServiceAnswer> _answers = [];
    private readonly Task _following;
    private Exception? _failure;

    public FollowedService(IRegistryClient client, string name) => _following = FollowAsync(client, new ServiceKey("kubernetes", null, name, DiscoveryArguments.None));

    public IReadOnlyList<ServiceAnswer> Answers
    {
        get
        {
            lock (_gate)
                return [.. _answers];
        }
    }

    /// <summary>What ended it.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>The last answer: <c>host:port</c>, in their order.</summary>
    public string Now => Answers is [.., { } last] ? Text(last) : "nothing yet";

    public static string Text(ServiceAnswer answer) => string.Join(' ', answer.Instances.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Host}:{one.Port}")));

    public Task IsAsync(string expected) => Eventually.HoldsAsync(
        () => Now == expected || (Failure is { } failure ? throw new InvalidOperationException($"it failed before {expected}, after {Now}", failure) : false), $"instances {expected}");

    public async Task<RegistryException> FailsAsync()
    {
        await Eventually.HoldsAsync(() => Failure is not null, "a failure");
        return Failure.ShouldBeOfType<RegistryException>();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private async Task FollowAsync(IRegistryClient client, ServiceKey service)
    {
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
            // done with it
        }
        catch (Exception e)
        {
            Volatile.Write(ref _failure, e);
        }
    }
}
