using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Testing.Registries;

/// <summary>A web server whose answer a test sets, and changes, and that tells what was asked.</summary>
public sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private AnsweringServer(X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        _application = builder.Build();
        _application.Run(context =>
        {
            Asked.Enqueue(context.Request.Method + " " + context.Request.Path + context.Request.QueryString);
            Heads.Enqueue(context.Request.Headers.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            return Answer(context);
        });
    }

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
        await server._application.StartAsync();
        server.Url = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
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
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0); // what hangs by a test's will is cut off
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
