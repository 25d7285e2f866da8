using System.Globalization;
using System.Net;
using System.Text;
using Headgate.Differential.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Differential.Peers;

/// <summary>Bare Kestrel, HTTP/1.1 only, in this process: an application that reads each body whole and answers with what it saw.</summary>
internal sealed class KestrelPeer : Peer
{
    private readonly KestrelReasons _reasons = new();
    private readonly WebApplication _app;

    private KestrelPeer()
        : base("kestrel")
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders().AddProvider(_reasons).SetMinimumLevel(LogLevel.None).AddFilter(KestrelReasons.Category, LogLevel.Debug);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => context => ServeAsync(context, next));
            });
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <inheritdoc/>
    public override IPEndPoint EndPoint => new(IPAddress.Loopback, new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port);

    /// <summary>Starts it.</summary>
    public static async Task<KestrelPeer> StartAsync()
    {
        var peer = new KestrelPeer();
        await peer._app.StartAsync();
        return peer;
    }

    /// <inheritdoc/>
    public override ValueTask<string> ReasonAsync(string client, Answer refusal) => ValueTask.FromResult(_reasons.Take(client) ?? $"{refusal.Status}");

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        _reasons.OnConnection(context.ConnectionId, ((IPEndPoint)context.RemoteEndPoint!).Address.ToString());
        try
        {
            await next(context);
        }
        finally
        {
            _reasons.OnEnd(context.ConnectionId);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var seen = new SeenRequest(Log.NextId(), context.Request.Method, SeenRequest.Reduce(target), body.ToArray());
        Log.Add(context.Connection.RemoteIpAddress!.ToString(), seen);
        byte[] view = Encoding.UTF8.GetBytes(seen.ToString());
        context.Response.Headers[SeenRequest.IdField] = seen.Id.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentLength = view.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(view);
    }
}
