using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Headgate.Testing.Registries;

/// <summary>A web server whose answer a test sets, and changes, and that tells what was asked.</summary>
public sealed class AnsweringServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private AnsweringServer(X509Certificate2? certificate) => _server = LoopbackServer.Playing(
        context =>
        {
            Asked.Enqueue(context.Request.Method + " " + context.Request.Path + context.Request.QueryString);
            Heads.Enqueue(context.Request.Headers.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            return Answer(context);
        },
        certificate);

    /// <summary>Answers a request; may be set anew at any time. At first everything is 404.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static context =>
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    };

    /// <summary>What was asked: method, path and query, as decoded.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The fields of each request's head.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Heads { get; } = new();

    /// <summary>Scheme, host and port; no slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts one; with <paramref name="certificate"/> it speaks HTTPS.</summary>
    public static async Task<AnsweringServer> StartAsync(X509Certificate2? certificate = null)
    {
        var server = new AnsweringServer(certificate);
        await server._server.StartAsync();
        server.Url = server._server.Url;
        return server;
    }

    /// <summary>Answers every request with this from now on; a client that has this <paramref name="tag"/> gets 304.</summary>
    public void Say(string body, int status = 200, string? tag = null) => Answer = async context =>
    {
        bool same = tag is not null && context.Request.Headers.IfNoneMatch == tag;
        context.Response.StatusCode = same ? 304 : status;
        if (tag is not null)
            context.Response.Headers.ETag = tag;
        if (!same)
            await context.Response.WriteAsync(body, context.RequestAborted);
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
