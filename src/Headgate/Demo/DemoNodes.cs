using System.Net;
using Headgate.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Headgate.Demo;

/// <summary>Small web servers on free loopback ports, each of which answers with its name.</summary>
internal sealed class DemoNodes : IAsyncDisposable
{
    private readonly List<WebApplication> _applications = [];
    private readonly List<int> _ports = [];

    /// <summary>Their ports, in the order of their names.</summary>
    public IReadOnlyList<int> Ports => _ports;

    /// <summary>Starts <paramref name="names"/>.</summary>
    public static async Task<DemoNodes> StartAsync(string[] names, CancellationToken cancellationToken)
    {
        var nodes = new DemoNodes();
        foreach (string name in names)
            await nodes.AddAsync(name, cancellationToken);
        return nodes;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication application in _applications)
            await application.DisposeAsync();
    }

    private async Task AddAsync(string name, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, GatewayLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        application.Run(context => context.Response.WriteAsync($"node {name}: {context.Request.Method} {context.Request.Path}\n"));
        _applications.Add(application);
        await application.StartAsync(cancellationToken);
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _ports.Add(new Uri(address).Port);
    }
}
