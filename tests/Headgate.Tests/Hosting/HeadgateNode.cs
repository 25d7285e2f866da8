using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Headgate.Tests.Hosting;

/// <summary>A backend node: <c>/wait</c> answers only when it is released, anything else at once.</summary>
internal sealed class HeadgateNode : IAsyncDisposable
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _application;

    private HeadgateNode(IPAddress address)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>The node map of an upstream: <c>{"127.0.0.1:8080":1}</c>.</summary>
    public string Json => $"{{\"{Name}\":1}}";

    /// <summary><c>127.0.0.1:8080</c>.</summary>
    public string Name => new Uri(_application.Urls.Single()).Authority;

    /// <summary>Starts one, on the loopback unless <paramref name="address"/> is given.</summary>
    public static async Task<HeadgateNode> StartAsync(IPAddress? address = null)
    {
        var node = new HeadgateNode(address ?? IPAddress.Loopback);
        await node._application.StartAsync();
        return node;
    }

    /// <summary>Completes when a request waits.</summary>
    public Task WaitingAsync() => _waiting.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public void Release() => _released.TrySetResult();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/wait")
        {
            _waiting.TrySetResult();
            await _released.Task.WaitAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync("done");
    }
}
