using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Headgate.Testing;

/// <summary>A web server of a test, on Kestrel and a port of 127.0.0.1. It listens from <see cref="StartAsync"/> on.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TimeSpan _patience;

    private LoopbackServer(WebApplicationBuilder builder, Action<WebApplication> map, int port, Action<ListenOptions>? listen, TimeSpan patience)
    {
        _patience = patience;
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint => listen?.Invoke(endpoint)));
        _application = builder.Build();
        map(_application);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => new(_application.Urls.First());

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Url => _application.Urls.First();

    /// <summary>What it is composed of.</summary>
    public IServiceProvider Services => _application.Services;

    /// <summary>One that plays a server of another program's; requests under way at its end are cut off.</summary>
    /// <param name="answer">Answers every request.</param>
    /// <param name="certificate">What it speaks HTTPS with; null = it speaks HTTP.</param>
    /// <param name="listen">What else is to be told to its connections.</param>
    /// <param name="port">0 = a free one.</param>
    public static LoopbackServer Playing(RequestDelegate answer, X509Certificate2? certificate = null, Action<ListenOptions>? listen = null, int port = 0) => new(
        Builder(), application => application.Run(answer), port,
        endpoint =>
        {
            listen?.Invoke(endpoint);
            if (certificate is not null)
                endpoint.UseHttps(certificate);
        },
        TimeSpan.Zero);

    /// <summary>One that has what is tested; it ends in order. <paramref name="port"/>: 0 = a free one. <paramref name="listen"/>: what else is to be told to its connections.</summary>
    public static LoopbackServer Having(Action<WebApplicationBuilder> build, Action<WebApplication> map, int port = 0, Action<ListenOptions>? listen = null)
    {
        WebApplicationBuilder builder = Builder();
        build(builder);
        return new LoopbackServer(builder, map, port, listen, TimeSpan.FromSeconds(30));
    }

    /// <summary>Begins to listen.</summary>
    public Task StartAsync() => _application.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    private static WebApplicationBuilder Builder()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        return builder;
    }
}
