using System.Globalization;
using System.Net.Http;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Nacos;

/// <summary>Follows services of Nacos by asking for their instances at intervals (README.md beside this file). Thread-safe.</summary>
internal sealed class NacosClient : IRegistryClient
{
    private const string DefaultNamespace = "public";
    private const string DefaultGroup = "DEFAULT_GROUP";
    private const string NoService = "headgate-test"; // asked for where there is no cheaper question

    // Thousands of services may be followed, and all begin at once.
    private const int QuestionsMax = 16;

    private const int PageSize = 500; // what Nacos gives at most
    private const int PagesMax = 100;

    private readonly NacosConfig _config;
    private readonly TimeProvider _time;
    private readonly RegistryServers _servers;
    private readonly NacosLogins _logins;
    private readonly SemaphoreSlim _turns = new(QuestionsMax);
    private readonly Lock _drawing = new();
    private readonly Random _draws;

    public NacosClient(NacosConfig config, RegistryServices services)
    {
        (_config, _time) = (config, services.Time);
        _draws = new Random(services.Seed);
        var terms = new RegistryServerTerms { ConnectTimeout = config.Timeouts.Connect, VerifiesTls = config.VerifiesTls, AuthoritiesPem = config.AuthoritiesPem };
        _servers = new RegistryServers(config.Servers.Select(Base), terms, services.Time);
        _logins = new NacosLogins(config, Base, _servers, services.Time);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan wait = FirstWait();
        while (true)
        {
            yield return await AskAsync(service, cancellationToken);
            await Task.Delay(wait, _time, cancellationToken);
            wait = _config.FetchInterval;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken)
    {
        if (_config.Api == NacosApi.V3)
            throw new RegistryException("Nacos' API of version 3 has no list of services for clients");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (int page = 1; page <= PagesMax; page++)
        {
            IReadOnlyList<string> found = await AskNamesAsync(page, PageSize, cancellationToken);
            names.UnionWith(found);
            if (found.Count < PageSize)
                break;
        }

        return [.. names.Take(max)];
    }

    /// <inheritdoc/>
    public Task TestAsync(CancellationToken cancellationToken) => _config.Api == NacosApi.V3
        ? AskAsync(new ServiceKey(_config.Type, null, NoService, DiscoveryArguments.None), cancellationToken)
        : AskNamesAsync(1, 1, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _logins.DisposeAsync();
        _servers.Dispose();
        _turns.Dispose();
    }

    private async Task<ServiceAnswer> AskAsync(ServiceKey service, CancellationToken cancellationToken)
    {
        string space = service.Arguments.NamespaceId ?? DefaultNamespace;
        string group = service.Arguments.GroupName ?? DefaultGroup;
        string place = _config.Api == NacosApi.V3 ? "client/ns/instance/list?" : "ns/instance/list?healthyOnly=true&"; // the newest tells of all
        string path = $"{place}serviceName={Escape(service.Name)}&namespaceId={Escape(space)}&groupName={Escape(group)}";
        return await AskAsync(path, $"{group}@@{service.Name}", reply => NacosAnswers.Instances(reply, _config, service), cancellationToken);
    }

    private Task<IReadOnlyList<string>> AskNamesAsync(int page, int size, CancellationToken cancellationToken)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"ns/service/list?pageNo={page}&pageSize={size}&namespaceId={DefaultNamespace}&groupName={DefaultGroup}");
        return AskAsync(path, null, reply => NacosAnswers.Names(reply, _config.Api), cancellationToken);
    }

    // An answer that cannot be understood is a reason to ask the next server, as one that does not come.
    private async Task<T> AskAsync<T>(string path, string? resource, Func<RegistryReply, T> read, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await _servers.TryEachAsync(async server =>
            {
                RegistryReply reply = await AskAsync(server, path, resource, cancellationToken);
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // an answer may be long, and the network's thread is not for reading it
                return read(reply);
            });
        }
        finally
        {
            _turns.Release();
        }
    }

    // A token may end before its time (a server that starts anew with another key): then another one is had, once. A user who has been let in and is refused may not ask this one question.
    private async Task<RegistryReply> AskAsync(Uri server, string path, string? resource, CancellationToken cancellationToken)
    {
        string? token = await _logins.TokenAsync(server, cancellationToken);
        RegistryReply reply = await SendAsync(server, path, resource, token, cancellationToken);
        if (!IsRefusal(reply))
            return reply;
        if (token is not null && _logins.Forget(server, token))
        {
            token = await _logins.TokenAsync(server, cancellationToken);
            reply = await SendAsync(server, path, resource, token, cancellationToken);
            if (!IsRefusal(reply))
                return reply;
        }

        throw new RegistryException($"{reply.Server} refuses {reply.Path}: {reply.Status}{(token is null ? "" : ", with an access token")}") { IsOfServiceOnly = _logins.HasUser(server) };
    }

    private Task<RegistryReply> SendAsync(Uri server, string path, string? resource, string? token, CancellationToken cancellationToken)
    {
        string query = path + (token is null ? "" : $"&accessToken={Escape(token)}") + NacosSignature.Query(_config, resource, _time.GetUtcNow());
        return _servers.AskAsync(server, to => Question(to, query), _config.Timeouts.Whole, cancellationToken);
    }

    private static HttpRequestMessage Question(Uri server, string pathAndQuery)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, pathAndQuery));
        request.Headers.Accept.Add(new("application/json"));
        return request;
    }

    private static bool IsRefusal(RegistryReply reply) => reply.Status is 401 or 403;

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private Uri Base(RegistryAddress server) => new(server.Url + _config.Prefix);

    // The first wait is shorter, by chance: services that are followed from one moment on are not asked for in one moment ever after.
    private TimeSpan FirstWait()
    {
        lock (_drawing)
            return _config.FetchInterval * (1 - _draws.NextDouble());
    }
}
