using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>A service that is followed beside the test, until it is disposed.</summary>
internal sealed class FollowedAnswers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ServiceAnswer> _answers = [];
    private readonly Task _running;

    internal FollowedAnswers(IRegistryClient client, ServiceKey service) => _running = RunAsync(client, service);

    /// <summary>All answers so far.</summary>
    internal IReadOnlyList<ServiceAnswer> Answers
    {
        get
        {
            lock (_answers)
                return [.. _answers];
        }
    }

    /// <summary>The latest answer as <c>HOST:PORT*WEIGHT</c>, separated by spaces; null before the first.</summary>
    internal string? Latest => Answers.Count == 0 ? null : Text(Answers[^1]);

    /// <summary>What ended it.</summary>
    internal RegistryException? Failure { get; private set; }

    internal static string Text(ServiceAnswer answer) => string.Join(' ', answer.Instances.Select(static one => $"{one.Host}:{one.Port}*{one.Weight}"));

    /// <summary>Waits until the latest answer is this.</summary>
    internal async Task IsAsync(string expected)
    {
        await Eventually.HoldsAsync(() => Latest == expected || Failure is not null, $"'{expected}' (is '{Latest}')");
        Latest.ShouldBe(expected, Failure?.Message);
    }

    /// <summary>Waits until it has failed.</summary>
    internal async Task<string> FailsAsync()
    {
        await Eventually.HoldsAsync(() => Failure is not null, "failure");
        return Failure!.Message;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IRegistryClient client, ServiceKey service)
    {
        try
        {
            await foreach (ServiceAnswer answer in client.FollowAsync(service, _stop.Token))
            {
                lock (_answers)
                    _answers.Add(answer);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the test is done
        }
        catch (RegistryException e)
        {
            Failure = e;
        }
    }
}
