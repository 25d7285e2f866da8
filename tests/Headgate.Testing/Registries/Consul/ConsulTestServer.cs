using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Headgate.Testing.Registries.Consul;

/// <summary>
/// A server of Consul on a free loopback port: the part of its HTTP API that service discovery needs, strictly: a path, a method or an argument that is not documented there is refused. Its
/// agent is on <see cref="ConsulState.AgentNode"/>.
/// </summary>
public sealed class ConsulTestServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConsulEndpoints _endpoints;
    private int _waiting;
    private int _connections;

    private ConsulTestServer(ConsulState state, int port, Action<ListenOptions>? listen)
    {
        State = state;
        _endpoints = new ConsulEndpoints(this);
        _server = LoopbackServer.Playing(
            AnswerAsync,
            listen: endpoint =>
            {
                listen?.Invoke(endpoint);
                endpoint.Use(next => async connection =>
                {
                    Interlocked.Increment(ref _connections);
                    try
                    {
                        await next(connection);
                    }
                    finally
                    {
                        Interlocked.Decrement(ref _connections);
                    }
                });
            },
            port: port);
    }

    /// <summary>What it shows.</summary>
    public ConsulState State { get; }

    /// <summary>What other data centres show, by name; its own is <c>dc1</c>.</summary>
    public ConcurrentDictionary<string, ConsulState> Datacenters { get; } = new();

    /// <summary>What is wrong with it; read for every question, and by those that wait.</summary>
    public ConsulFault Fault { get; private set; }

    /// <summary>The token that may see everything; without one questions see nothing, and another is refused. Null = no token is needed.</summary>
    public string? Token { get; set; }

    /// <summary>Base address, without a slash at its end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Questions so far: method, path and query.</summary>
    public IReadOnlyCollection<string> Seen => _seen;

    /// <summary>Questions that wait for a change now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Open connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Starts one. <paramref name="port"/> 0 = a free one; <paramref name="listen"/>: TLS, say.</summary>
    public static async Task<ConsulTestServer> StartAsync(ConsulState? state = null, int port = 0, Action<ListenOptions>? listen = null)
    {
        var server = new ConsulTestServer(state ?? new ConsulState(), port, listen);
        await server._server.StartAsync();
        server.Address = server._server.Url;
        return server;
    }

    /// <summary>Makes it ill, or well again; questions that wait hear of it.</summary>
    public void Fail(ConsulFault fault)
    {
        Fault = fault;
        State.Pulse.Beat();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    internal IDisposable CountWaiting()
    {
        Interlocked.Increment(ref _waiting);
        return new Count(this);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        _seen.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        try
        {
            await _endpoints.AnswerAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
            await context.Response.WriteAsync(e.Message);
        }
    }

    private sealed class Count(ConsulTestServer server) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref server._waiting);
    }
}
