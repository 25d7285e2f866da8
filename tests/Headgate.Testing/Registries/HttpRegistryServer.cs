using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Headgate.Testing.Registries;

/// <summary>A registry's server on Kestrel, with what may go wrong with one. Its switches may be turned at any time.</summary>
public abstract class HttpRegistryServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    /// <summary>Makes it, behind TLS if there is a certificate.</summary>
    protected HttpRegistryServer(X509Certificate2? certificate) => _server = LoopbackServer.Playing(AnswerOrFailAsync, certificate);

    /// <summary>Host and port.</summary>
    public string Authority { get; private set; } = "";

    /// <summary>Scheme, host and port.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Method, path and query of all requests so far.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Requests are taken and never answered.</summary>
    public bool Hangs { get; set; }

    /// <summary>A status that everything is answered with; 0 = none.</summary>
    public int Fails { get; set; }

    /// <summary>A body that everything is answered with; null = none.</summary>
    public string? Says { get; set; }

    /// <summary>Starts it.</summary>
    public async Task StartAsync()
    {
        await _server.StartAsync();
        (Url, Authority) = (_server.Url, _server.Address.Authority);
    }

    /// <summary>How many requests had this in their method, path or query.</summary>
    public int CountOf(string part) => Asked.Count(one => one.Contains(part, StringComparison.Ordinal));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _server.DisposeAsync();
    }

    /// <summary>The protocol.</summary>
    protected abstract Task AnswerAsync(HttpContext context);

    /// <summary>An answer of JSON.</summary>
    protected static Task JsonAsync(HttpContext context, string json, int status = 200)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json;charset=UTF-8");
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>An answer that says what the client did wrong.</summary>
    protected static Task RefuseAsync(HttpContext context, int status, string why)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "text/plain");
        return context.Response.WriteAsync(why, context.RequestAborted);
    }

    private async Task AnswerOrFailAsync(HttpContext context)
    {
        Asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (Hangs)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (Fails != 0 || Says is not null)
            await JsonAsync(context, Says ?? "it fails", Fails == 0 ? 200 : Fails);
        else
            await AnswerAsync(context);
    }
}
