using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Control.Tests.Registries;

/// <summary>What is known of registries, and what they answer, as a test says.</summary>
internal sealed class PlayedDiscovery : IDiscoveryView, IRegistryQuestions
{
    public List<RegistryView> Known { get; } = [];

    public List<ServiceView> Followed { get; } = [];

    public List<ServiceKey> Released { get; } = [];

    /// <summary>What was asked for.</summary>
    public List<object> Asked { get; } = [];

    /// <summary>Why nothing is answered; null = it is.</summary>
    public string? Failure { get; set; }

    public RegistryTrial Trial { get; set; } = new(2, null);

    public ServiceAnswer Answer { get; set; } = new([]);

    public IReadOnlyList<RegistryView> Registries() => Known;

    public IReadOnlyList<ServiceView> Services() => Followed;

    public bool Release(ServiceKey service)
    {
        Released.Add(service);
        return Followed.Any(followed => followed.Key == service && followed.Held is not null);
    }

    public Task<IReadOnlyList<string>> ListServicesAsync(string registry, int max, CancellationToken cancellationToken) => AnswerAsync((registry, max), (IReadOnlyList<string>)["api", "web"]);

    public Task<ServiceAnswer> AskAsync(ServiceKey service, TimeSpan timeout, CancellationToken cancellationToken) => AnswerAsync(service, Answer);

    public Task<RegistryTrial> TestAsync(RegistryConfig config, TimeSpan timeout, CancellationToken cancellationToken) => AnswerAsync((config, timeout), Trial);

    private Task<T> AnswerAsync<T>(object asked, T answer)
    {
        Asked.Add(asked);
        return Failure is { } reason ? Task.FromException<T>(new RegistryException(reason)) : Task.FromResult(answer);
    }
}
