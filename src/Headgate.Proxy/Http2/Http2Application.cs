using Headgate.Proxy.Transport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Http2;

/// <summary>
/// The second front: Kestrel speaks HTTP/2 (and runs its streams on the thread pool), and each stream reaches the same pipeline as HTTP/1.1 requests do.
/// Exchanges are pooled.
/// </summary>
internal sealed class Http2Application : IHttpApplication<Http2Exchange>
{
    private const int PooledMax = 1_024;

    private readonly RequestPipeline _pipeline;
    private readonly byte[] _server;
    private readonly DeadlineWheel _deadlines;
    private readonly ProxyLimits _limits;
    private readonly ILogger _logger;
    private readonly System.Collections.Concurrent.ConcurrentBag<Http2Exchange> _pool = [];

    public Http2Application(RequestPipeline pipeline, byte[] server, DeadlineWheel deadlines, ProxyLimits limits, ILogger logger)
    {
        _pipeline = pipeline;
        _server = server;
        _deadlines = deadlines;
        _limits = limits;
        _logger = logger;
    }

    public Http2Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        if (!_pool.TryTake(out Http2Exchange? exchange))
            exchange = new Http2Exchange(_server, _deadlines, _limits);
        exchange.Begin(contextFeatures);
        return exchange;
    }

    public async Task ProcessRequestAsync(Http2Exchange context)
    {
        try
        {
            if (context.ParseHead())
                await _pipeline.RunAsync(context);
            else
                _pipeline.Learn(context);
            await context.CompleteAsync();
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            Http2Log.GatewayBug(_logger, bug);
            context.AbortAnswer();
        }
    }

    public void DisposeContext(Http2Exchange context, Exception? exception)
    {
        context.End();
        if (exception is null && _pool.Count < PooledMax)
            _pool.Add(context);
    }
}
