using System.Text.Json;

namespace Headgate.Store.Etcd.Wire;

/// <summary>The token that etcd gives for name and password. It runs out at etcd's side whenever that likes; a new one is asked for when a member says so. Thread-safe.</summary>
internal sealed class EtcdLogin(string? user, string? password) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile string? _token;

    /// <summary>Whether etcd is asked for a token at all.</summary>
    public bool IsNeeded => user is not null;

    /// <summary>The token; null when none is needed. <paramref name="ask"/> sends the question for one.</summary>
    /// <param name="refused">A token that is no good any more; null = any will do.</param>
    /// <param name="ask">Sends a question to a member.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EtcdException">There is none to be had.</exception>
    public async ValueTask<string?> TokenAsync(string? refused, Func<string, byte[], CancellationToken, Task<EtcdReply>> ask, CancellationToken cancellationToken)
    {
        if (!IsNeeded || (_token is { } current && current != refused))
            return _token;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_token is { } fresh && fresh != refused)
                return fresh; // someone else was here first
            byte[] question = EtcdRequest.Write(writer =>
            {
                writer.WriteString("name", user);
                writer.WriteString("password", password ?? "");
            });
            using EtcdReply reply = await ask("/v3/auth/authenticate", question, cancellationToken);
            return _token = reply.Root.TryGetProperty("token", out JsonElement token) ? token.GetString() : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
