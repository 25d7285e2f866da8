using System.Net.Http;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Lists;

namespace Headgate.Proxy.Registries.HttpRegistry;

/// <summary>Follows what a URL says, at intervals: of all services at once, or of each by itself when its name is part of the URL (README.md in this folder).</summary>
internal sealed class HttpRegistryClient : IRegistryClient
{
    private readonly HttpRegistryConfig _config;
    private readonly TimeProvider _time;
    private readonly RegistryServers _server;
    private readonly RegistryFeed _feed;
    private volatile ServiceMap _services = ServiceMap.Empty;

    public HttpRegistryClient(HttpRegistryConfig config, TimeProvider time)
    {
        (_config, _time) = (config, time);
        var terms = new RegistryServerTerms
        {
            ConnectTimeout = config.Timeout,
            VerifiesTls = config.VerifiesTls,
            AuthoritiesPem = config.AuthoritiesPem,
            BasicCredentials = config.User is null ? null : $"{config.User}:{config.Password}",
        };
        _server = new RegistryServers([Address("")], terms, time);
        _feed = new RegistryFeed(ReadAllAsync);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, CancellationToken cancellationToken) =>
        _config.AsksByService ? FollowOneAsync(service, cancellationToken) : _feed.FollowAsync(service.Name, () => _services.Answer(service), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken)
    {
        if (_config.AsksByService)
            throw new RegistryException($"a registry whose url holds {HttpRegistryConfig.ServicePlace} has no list of services");
        (RegistryReply reply, _) = await AskAsync("", null, cancellationToken);
        return [.. Map(reply).Names.Take(max)];
    }

    /// <summary>With one service by name there is no question that every such server knows: any answer below 500 that lets us in shows that it is there.</summary>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        (RegistryReply reply, _) = await AskAsync("", null, cancellationToken);
        if (!_config.AsksByService)
            Map(reply);
        else if (reply.Status is 401 or 403)
            throw new RegistryException($"{reply.Server} answers {reply.Status} to {reply.Path}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        _server.Dispose();
    }

    private async IAsyncEnumerable<ServiceAnswer> FollowOneAsync(ServiceKey service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? tag = null;
        ServiceAnswer? last = null;
        while (true)
        {
            (RegistryReply reply, string? newTag) = await AskAsync(service.Name, tag, cancellationToken);
            if (reply.Status != 304 || last is null)
            {
                if (reply.Status == 404)
                    throw new RegistryException($"{reply.Server} answers 404 to {reply.Path}; for a service without nodes it is to answer 200 and []") { IsOfServiceOnly = true };
                (last, tag) = (Read(service, reply), newTag);
            }

            yield return last; // also an equal one: the registry is there
            await Task.Delay(_config.FetchInterval, _time, cancellationToken);
        }
    }

    private ServiceAnswer Read(ServiceKey service, RegistryReply reply)
    {
        using JsonDocument document = reply.Json();
        try
        {
            return NodeList.Read(document.RootElement, "the answer", _config.DefaultWeight).Narrowed(service.Arguments);
        }
        catch (Exception e) when (e is RegistryException or InvalidOperationException)
        {
            throw new RegistryException($"{reply.Server}{reply.Path}: {e.Message}", e);
        }
    }

    private async Task ReadAllAsync(RegistryReading reading, CancellationToken cancellationToken)
    {
        string? tag = null;
        while (true)
        {
            (RegistryReply reply, string? newTag) = await AskAsync("", tag, cancellationToken);
            if (reply.Status != 304 || tag is null)
                (_services, tag) = (Map(reply), newTag);
            reading.AnnounceAll(); // also when nothing has changed: the registry is there
            await Task.Delay(_config.FetchInterval, _time, cancellationToken);
        }
    }

    private ServiceMap Map(RegistryReply reply)
    {
        using JsonDocument document = reply.Json();
        try
        {
            return ServiceMap.Read(document.RootElement, reply.Server + reply.Path, _config.DefaultWeight);
        }
        catch (InvalidOperationException e) // half of a surrogate pair
        {
            throw new RegistryException($"{reply.Server}{reply.Path}: {e.Message}", e);
        }
    }

    private async Task<(RegistryReply Reply, string? Tag)> AskAsync(string service, string? tag, CancellationToken cancellationToken)
    {
        RegistryReply reply = await _server.AskAsync(_ => Question(service, tag), _config.Timeout, cancellationToken);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // reading the answer is not for the thread that received it
        return (reply, reply.Field("ETag"));
    }

    private HttpRequestMessage Question(string service, string? tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Address(service));
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        foreach (MetadataEntry header in _config.Headers)
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return request;
    }

    private Uri Address(string service) => new(_config.Url.Replace(HttpRegistryConfig.ServicePlace, Uri.EscapeDataString(service), StringComparison.Ordinal));
}
