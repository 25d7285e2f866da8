using System.Net.Http;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Registries.Eureka;

/// <summary>Follows a Eureka registry: all of it once, then what has changed (README.md beside this file). Thread-safe.</summary>
internal sealed class EurekaClient : IRegistryClient
{
    private const string All = "apps";
    private const string Delta = "apps/delta";

    private readonly EurekaConfig _config;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RegistryServers _servers;
    private readonly Dictionary<Uri, string> _credentials = [];
    private readonly RegistryFeed _feed;

    // Written by the one reading of the feed, read by those who follow.
    private volatile EurekaApplications _known = EurekaApplications.Empty;

    private volatile bool _isGarbled; // what is logged once

    public EurekaClient(EurekaConfig config, RegistryServices services)
    {
        (_config, _time, _log) = (config, services.Time, services.Loggers.CreateLogger<EurekaClient>());
        var terms = new RegistryServerTerms { ConnectTimeout = config.Timeouts.Connect, VerifiesTls = config.VerifiesTls, AuthoritiesPem = config.AuthoritiesPem };
        _servers = new RegistryServers(config.Servers.Select(Base), terms, services.Time);
        foreach (RegistryAddress server in config.Servers.Where(static server => server.User is not null))
            _credentials[Base(server)] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{server.User}:{server.Password}"));
        _feed = new RegistryFeed(ReadAsync);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, CancellationToken cancellationToken)
    {
        string name = service.Name.ToUpperInvariant(); // Eureka's names have no case
        return _feed.FollowAsync(name, () => Answer(name, service.Arguments), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken) =>
        [.. (await ReadWholeAsync(cancellationToken)).Applications.Names.Take(max)];

    /// <inheritdoc/>
    public Task TestAsync(CancellationToken cancellationToken) => _servers.TryEachAsync(async server =>
    {
        RegistryReply reply = await AskAsync(server, Delta, cancellationToken);
        // A server without deltas answers 403, as one that does not let us in.
        return reply.Status == 200 ? Understand(reply) : Understand(await AskAsync(server, All, cancellationToken));
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        _servers.Dispose();
    }

    private ServiceAnswer Answer(string name, DiscoveryArguments arguments)
    {
        var builder = new ServiceAnswerBuilder();
        bool isGarbage = true;
        foreach (EurekaInstance one in _known.Of(name))
        {
            isGarbage &= one.Problem is not null;
            if (one.Problem is { } problem)
                builder.Refuse(problem);
            else if (one.IsUp && arguments.MetadataIsIn(one.Metadata))
                builder.Add(one.At, one.Ip, one.Port, one.Weight, metadata: one.Metadata);
        }

        ServiceAnswer answer = builder.Build();
        return builder.IsGarbage && isGarbage ? throw new RegistryException($"nothing of {name} can be understood: {answer.Problems[0]}") { IsOfServiceOnly = true } : answer;
    }

    private async Task ReadAsync(RegistryReading reading, CancellationToken cancellationToken)
    {
        EurekaCopy? copy = null;
        while (true)
        {
            var changed = new HashSet<string>(StringComparer.Ordinal);
            if (copy is not null && copy.CanTakeDelta(_time.GetUtcNow()) && await ReadDeltaAsync(copy, changed, cancellationToken) is { } next)
            {
                (copy, _known) = (next, next.Applications);
                foreach (string name in changed)
                    reading.Announce(name);
            }
            else
            {
                copy = await ReadWholeAsync(cancellationToken);
                _known = copy.Applications;
                reading.AnnounceAll();
            }

            await Task.Delay(_config.FetchInterval, _time, cancellationToken);
        }
    }

    private Task<EurekaCopy> ReadWholeAsync(CancellationToken cancellationToken) => _servers.TryEachAsync(async server =>
    {
        DateTimeOffset now = _time.GetUtcNow();
        EurekaAnswer answer = await ReadAsync(server, All, cancellationToken);
        if (answer.Problems.Count > 0 && !_isGarbled)
            EurekaLog.Garbled(_log, answer.Problems.Count, server.Authority, answer.Problems[0]);
        _isGarbled = answer.Problems.Count > 0;
        EurekaApplications applications = EurekaApplications.Empty.After(answer.Instances.Select(static one => one with { Action = null }), new HashSet<string>());
        return new EurekaCopy(server, applications, answer.HashCode == applications.HashCode(), now, now);
    });

    // Null: all has to be read.
    private async Task<EurekaCopy?> ReadDeltaAsync(EurekaCopy copy, HashSet<string> changed, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        try
        {
            EurekaAnswer delta = await ReadAsync(copy.Server, Delta, cancellationToken);
            EurekaApplications applications = copy.Applications.After(delta.Instances, changed);
            string found = applications.HashCode();
            if (found == delta.HashCode)
                return copy with { Applications = applications, ReadAt = now };
            EurekaLog.DeltaLost(_log, copy.Server.Authority, found, delta.HashCode);
        }
        catch (RegistryException)
        {
            // Deltas may be off there, or the server gone: what is asked next shows it.
        }

        return null;
    }

    private async Task<EurekaAnswer> ReadAsync(Uri server, string path, CancellationToken cancellationToken)
    {
        RegistryReply reply = await AskAsync(server, path, cancellationToken);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // a registry may be long, and the network's thread is not for reading it
        return Understand(reply);
    }

    private EurekaAnswer Understand(RegistryReply reply) => EurekaAnswerReader.Read(reply, _config.DefaultWeight);

    private Task<RegistryReply> AskAsync(Uri server, string path, CancellationToken cancellationToken) =>
        _servers.AskAsync(server, to => Question(to, path), _config.Timeouts.Whole, cancellationToken);

    private HttpRequestMessage Question(Uri server, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
        request.Headers.Accept.Add(new("application/json")); // otherwise it is XML
        if (_credentials.TryGetValue(server, out string? credentials))
            request.Headers.Authorization = new("Basic", credentials);
        return request;
    }

    private Uri Base(RegistryAddress server) => new(server.Url + _config.Prefix);
}
