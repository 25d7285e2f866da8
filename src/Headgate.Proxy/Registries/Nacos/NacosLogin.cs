using System.Net.Http;
using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Nacos;

/// <summary>A user's login at one server: one request for all who wait for a token, another one before it ends. Thread-safe.</summary>
internal sealed class NacosLogin(Uri server, string user, string password, NacosConfig config, RegistryServers servers, TimeProvider time) : IAsyncDisposable
{
    // What Nacos gives unless it is told otherwise (nacos.core.auth.plugin.nacos.token.expire.seconds).
    private static readonly TimeSpan UsualLife = TimeSpan.FromHours(5);

    // When a renewal fails, what there is stays in use, and the next try is not at once.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    // A service that the user may not see is asked for again and again: that must not cost a login every time, nor all other services their token.
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private string? _token;
    private DateTimeOffset _since;
    private DateTimeOffset _renewAt;
    private DateTimeOffset _endsAt;
    private Task<string?>? _pending;

    /// <summary>The token that is known, or another one when it is about to end.</summary>
    /// <exception cref="RegistryException">The server refuses the user, or does not answer.</exception>
    public ValueTask<string?> TokenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_token is { } token && time.GetUtcNow() < _renewAt)
                return ValueTask.FromResult<string?>(token);
            _pending ??= RenewAsync();
            return new ValueTask<string?>(_pending.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Gives a token up, unless there is another one already. False when it is too young for that.</summary>
    public bool Forget(string token)
    {
        lock (_gate)
        {
            if (_token != token)
                return true;
            if (time.GetUtcNow() - _since < Youth)
                return false;
            _token = null;
            return true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Task? pending;
        lock (_gate)
            pending = _pending;
        if (pending is not null)
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task<string?> RenewAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller holds the lock
        try
        {
            (string token, TimeSpan life) = await LoginAsync();
            lock (_gate)
            {
                DateTimeOffset now = time.GetUtcNow();
                (_token, _since, _renewAt, _endsAt) = (token, now, now + (0.9 * life), now + life);
            }

            return token;
        }
        catch (RegistryException) when (KeepsToken(out string? token))
        {
            return token;
        }
        finally
        {
            lock (_gate)
                _pending = null;
        }
    }

    private bool KeepsToken(out string? token)
    {
        lock (_gate)
        {
            token = time.GetUtcNow() < _endsAt ? _token : null;
            if (token is not null)
                _renewAt = time.GetUtcNow() + RetryDelay;
            return token is not null;
        }
    }

    private async Task<(string Token, TimeSpan Life)> LoginAsync()
    {
        RegistryReply reply = await servers.AskAsync(server, Request, config.Timeouts.Whole, _closing.Token);
        if (reply.Status is 400 or 401 or 403)
            throw new RegistryException($"{reply.Server} does not let the user {user} in: {reply.Status}");
        using JsonDocument document = reply.Json();
        // Some versions wrap it as their other answers.
        JsonElement answer = JsonMembers.Of(document.RootElement, "data") ?? document.RootElement;
        if (JsonMembers.Text(answer, "accessToken") is not { Length: > 0 } token)
            throw new RegistryException($"{reply.Server} answers to {reply.Path} without an accessToken");
        TimeSpan life = JsonMembers.Of(answer, "tokenTtl") is { ValueKind: JsonValueKind.Number } ttl && ttl.TryGetInt32(out int seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : UsualLife;
        return (token, life);
    }

    private HttpRequestMessage Request(Uri to)
    {
        string path = config.Api switch
        {
            NacosApi.V3 => "auth/user/login",
            NacosApi.V2 when config.Prefix.EndsWith("/v2/", StringComparison.Ordinal) => "../v1/auth/login", // it has none of its own: that of 1 is beside it
            _ => "auth/login",
        };
        return new HttpRequestMessage(HttpMethod.Post, new Uri(to, path)) { Content = new FormUrlEncodedContent([new("username", user), new("password", password)]) };
    }
}
