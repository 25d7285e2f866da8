using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Tests.Discovery;

/// <summary>Settings of a registry that a test plays.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Address">Tells one from another.</param>
internal sealed record ScriptedConfig(string Type, string Address = "") : RegistryConfig(Type);

/// <summary>A registry that a test plays: what it says of each service, and when it fails.</summary>
internal sealed class ScriptedRegistry : IRegistryClient
{
    private readonly ConcurrentDictionary<string, Channel<ServiceAnswer>> _lines = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private int _tests;

    /// <summary>Why nothing can be asked now; null = it answers.</summary>
    public string? Failure { get; set; }

    public bool IsDisposed { get; private set; }

    /// <summary>How often it was tested.</summary>
    public int Tests => Volatile.Read(ref _tests);

    /// <summary>How often following a service began.</summary>
    public int AskedFor(string service) => _asked.GetValueOrDefault(service);

    /// <summary>Says what a service has, to the present follower or the next.</summary>
    public void Say(string service, params string[] hosts)
    {
        var answer = new ServiceAnswerBuilder();
        foreach (string host in hosts)
            answer.Add("test", host.Split(':')[0], int.Parse(host.Split(':')[1], null), 1);
        Line(service).Writer.TryWrite(answer.Build());
    }

    /// <summary>Breaks what is followed of a service now.</summary>
    public void Break(string service, string reason)
    {
        Channel<ServiceAnswer> line = Line(service);
        _lines[service] = Channel.CreateUnbounded<ServiceAnswer>();
        line.Writer.TryComplete(new RegistryException(reason));
    }

    public async IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _asked.AddOrUpdate(service.Name, 1, static (_, count) => count + 1);
        if (Failure is { } reason)
            throw new RegistryException(reason);
        await foreach (ServiceAnswer answer in Line(service.Name).Reader.ReadAllAsync(cancellationToken))
            yield return answer;
    }

    public Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _lines.Keys.Order(StringComparer.Ordinal).Take(max)]);

    public Task TestAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _tests);
        return Failure is { } reason ? Task.FromException(new RegistryException(reason)) : Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private Channel<ServiceAnswer> Line(string service) => _lines.GetOrAdd(service, static _ => Channel.CreateUnbounded<ServiceAnswer>());
}
