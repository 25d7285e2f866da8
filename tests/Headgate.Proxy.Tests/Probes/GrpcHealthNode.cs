using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>A node with the standard gRPC health service on Kestrel's HTTP/2, in clear text or behind TLS; what it says is the test's.</summary>
internal sealed class GrpcHealthNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcHealthNode(X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        _app = builder.Build();
        _app.Run(CheckAsync);
    }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);

    /// <summary>What was asked: connection, authority, header X-Who, message in hexadecimal.</summary>
    public ConcurrentQueue<(string Connection, string Authority, string Who, string Message)> Asked { get; } = new();

    /// <summary>The body of the answer; null = none at all.</summary>
    public byte[]? Body { get; set; } = [0, 0, 0, 0, 2, 8, 1];

    /// <summary>The call's status; null = none is sent.</summary>
    public string? GrpcStatus { get; set; } = "0";

    public int HttpStatus { get; set; } = 200;

    /// <summary>Never answers.</summary>
    public bool Hangs { get; set; }

    public static async Task<GrpcHealthNode> StartAsync(X509Certificate2? certificate = null)
    {
        var node = new GrpcHealthNode(certificate);
        await node._app.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task CheckAsync(HttpContext context)
    {
        var message = new MemoryStream();
        await context.Request.Body.CopyToAsync(message, context.RequestAborted);
        Asked.Enqueue((context.Connection.Id, context.Request.Host.Value ?? "", context.Request.Headers["X-Who"].ToString(), Convert.ToHexString(message.ToArray())));
        if (Hangs)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        bool isRight = context.Request is { Method: "POST", Path.Value: "/grpc.health.v1.Health/Check", ContentType: "application/grpc" } && context.Request.Headers.TE == "trailers";
        context.Response.StatusCode = isRight ? HttpStatus : 418;
        context.Response.ContentType = "application/grpc";
        if (Body is null)
        {
            // Without a message gRPC's status stands in the head.
            context.Response.Headers["grpc-status"] = GrpcStatus;
            return;
        }

        await context.Response.Body.WriteAsync(Body, context.RequestAborted);
        if (GrpcStatus is not null)
            context.Response.AppendTrailer("grpc-status", GrpcStatus);
    }
}
