using System.Globalization;
using System.Net.Http;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>
/// One server, or agent, of Consul. Questions that it answers at once go to it a few at a time; those that it waits with are the asker's to count. Thread-safe.
/// </summary>
internal sealed class ConsulServer : IDisposable
{
    // An agent takes 200 connections of one address (limits.http_max_conns_per_client), and other programs on this machine have that address too.
    private const int QuestionsMax = 16;

    private readonly SemaphoreSlim _turns = new(QuestionsMax);
    private readonly RegistryServers _servers;
    private readonly ConsulAccess _access;

    /// <summary>Makes it; it is asked nothing yet.</summary>
    public ConsulServer(Uri address, ConsulAccess access, TimeProvider time)
    {
        (Address, _access) = (address, access);
        var terms = new RegistryServerTerms { ConnectTimeout = access.ConnectTimeout, VerifiesTls = access.VerifiesTls, AuthoritiesPem = access.AuthoritiesPem };
        _servers = new RegistryServers([address], terms, time);
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>Scheme, host and port, for texts.</summary>
    public string Name => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>What it says now.</summary>
    /// <exception cref="RegistryException">It says nothing, or that it will not.</exception>
    public async Task<ConsulReply> ReadAsync(ConsulQuestion question, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(question, "", _access.ConnectTimeout + _access.ReadTimeout, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>What it says when something has changed since <paramref name="index"/>, or when it has waited long enough.</summary>
    /// <exception cref="RegistryException">As <see cref="ReadAsync"/>.</exception>
    public Task<ConsulReply> WaitAsync(ConsulQuestion question, ulong index, CancellationToken cancellationToken)
    {
        // Servers draw up to a sixteenth on top, so that those who wait do not all come back at once.
        TimeSpan bound = _access.ConnectTimeout + (_access.Wait * 17 / 16) + _access.ReadTimeout;
        return AskAsync(question, string.Create(CultureInfo.InvariantCulture, $"index={index}&wait={(long)_access.Wait.TotalSeconds}s"), bound, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _servers.Dispose();
        _turns.Dispose();
    }

    private async Task<ConsulReply> AskAsync(ConsulQuestion question, string waiting, TimeSpan bound, CancellationToken cancellationToken)
    {
        string target = string.Join('&', question.Arguments.Append(waiting).Where(static part => part.Length > 0));
        target = target.Length == 0 ? question.Path : $"{question.Path}?{target}";
        RegistryReply reply = await _servers.AskAsync(server => Make(new Uri(server, target)), bound, cancellationToken);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // answers can be long, and this may be a thread that serves traffic
        if (reply.Status is 401 or 403)
            throw new RegistryException($"{reply.Server} answers {reply.Status} to {reply.Path}: the token {(_access.Token is null ? "is missing" : "is not, or no longer, allowed this")}");
        ulong index = ulong.TryParse(reply.Field("X-Consul-Index"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong given) ? given : 0;
        if (reply.Status != 200 && !(reply.Status == 404 && question.AllowsNone && index > 0))
            throw new RegistryException($"{reply.Server} answers {reply.Status} to {reply.Path}");
        return new ConsulReply(reply, index, reply.Field("X-Consul-Results-Filtered-By-ACLs") == "true");
    }

    private HttpRequestMessage Make(Uri target)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (_access.Token is { } token)
            request.Headers.TryAddWithoutValidation("X-Consul-Token", token);
        return request;
    }
}
