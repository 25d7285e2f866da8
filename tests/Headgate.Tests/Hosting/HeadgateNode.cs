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

    private HeadgateNode()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>The node map of an upstream: <c>{"127.0.0.1:8080":1}</c>.</summary>
    public string Json => $"{{\"127.0.0.1:{new Uri(_application.Urls.Single()).Port}\":1}}";

    public static async Task<HeadgateNode> StartAsync()
    {
        var node = new HeadgateNode();
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
