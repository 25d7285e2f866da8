using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Testing;

/// <summary>Stands before a member of an etcd and passes everything on, but what it is told to spoil: the next commit.</summary>
public sealed class EtcdRelay : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly Uri _member;
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _swallow;
    private int _hold;
    private long _answered;

    private EtcdRelay(Uri member)
    {
        _member = member;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(PassOnAsync);
    }

    /// <summary>Characters of all answers that it passed on.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>Starts one before <paramref name="member"/>.</summary>
    public static async Task<EtcdRelay> StartAsync(Uri member)
    {
        var relay = new EtcdRelay(member);
        await relay._app.StartAsync();
        return relay;
    }

    /// <summary>The next transaction that writes is passed on, and its answer lost.</summary>
    public void SwallowNextAnswer() => Interlocked.Exchange(ref _swallow, 1);

    /// <summary>The next transaction that writes is not passed on before <see cref="ReleaseAsync"/>.</summary>
    public void HoldNext() => Interlocked.Exchange(ref _hold, 1);

    /// <summary>Passes on what was held; etcd's answer to it, which nobody waits for any more.</summary>
    public Task<string> ReleaseAsync()
    {
        _release.SetResult();
        return _late.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        string question = Encoding.UTF8.GetString(buffer.ToArray());
        bool writes = context.Request.Path == "/v3/kv/txn" && question.Contains("request_put", StringComparison.Ordinal);
        if (writes && Interlocked.Exchange(ref _hold, 0) == 1)
        {
            await _release.Task;
            _late.SetResult((await AskAsync(context.Request.Path, question)).Text);
            return;
        }

        (HttpStatusCode status, string text) = await AskAsync(context.Request.Path, question);
        if (writes && Interlocked.Exchange(ref _swallow, 0) == 1)
        {
            context.Abort();
            return;
        }

        Interlocked.Add(ref _answered, text.Length);
        (context.Response.StatusCode, context.Response.ContentType) = ((int)status, "application/json");
        await context.Response.WriteAsync(text);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(PathString path, string question)
    {
        using var content = new StringContent(question, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(_member, path.Value), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
