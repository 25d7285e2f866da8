using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Tests.Http1.Peers;

/// <summary>Kestrel's own HTTP/1.1 server on a Unix socket; it reads each request whole and answers with method and path.</summary>
internal sealed class KestrelPeer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-kestrel-");
    private readonly WebApplication _app;

    private KestrelPeer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
            options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(1);
            options.Limits.MinRequestBodyDataRate = null;
            options.ListenUnixSocket(SocketPath);
        });
        _app = builder.Build();
        _app.Run(static async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            string seen = $"{context.Request.Method} {context.Request.Path.Value}";
            context.Response.ContentLength = seen.Length;
            await context.Response.WriteAsync(seen, Encoding.Latin1, context.RequestAborted);
        });
    }

    internal string SocketPath => Path.Combine(_folder.FullName, "http.sock");

    internal static async Task<KestrelPeer> StartAsync(CancellationToken cancellation)
    {
        KestrelPeer peer = new();
        await peer._app.StartAsync(cancellation);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
