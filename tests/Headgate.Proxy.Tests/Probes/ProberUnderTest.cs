using Headgate.Proxy.Tests.Upstream;
using System.Net;
using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Tests.Transport.Loops;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>The prober without a schedule, on an event loop or on the thread pool.</summary>
internal sealed class ProberUnderTest : IAsyncDisposable
{
    private readonly LoopUnderTest? _loop;
    private readonly DeadlineWheel _deadlines = new();
    private readonly EndpointResolver _resolver = new(new NoHosts(), EndpointResolverOptions.Default, TimeProvider.System, NullLogger<EndpointResolver>.Instance, 0);
    private readonly ProbeSteps? _steps;
    private readonly Prober _prober;

    public ProberUnderTest(bool onLoop)
    {
        INodeConnector connector = new SocketConnector(_deadlines);
        if (onLoop)
        {
            _loop = new LoopUnderTest();
            connector = new LoopConnector(_loop.Loop, connector);
            _steps = new ProbeSteps(_loop.Loop);
        }

        _prober = new Prober(connector, _steps, _resolver, HeadLimits.Default, TimeProvider.System);
    }

    public static ProbedNode NodeAt(IPEndPoint address, ActiveCheckConfig checks, UpstreamTlsConfig? tls = null) =>
        NodeAt(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address.Address}]" : address.Address.ToString(), address.Port, checks, tls);

    public static ProbedNode NodeAt(string host, int port, ActiveCheckConfig checks, UpstreamTlsConfig? tls = null)
    {
        if (checks.Type == HealthCheckType.Https)
            tls ??= new UpstreamTlsConfig(null, null, false, []);
        return new ProbedNode(new ProbedUpstream(new ProbePlan(checks, checks.Host, tls)), new NodeState(new NodeKey("upstreams/u", host, port)));
    }

    public Task<HealthFinding> ProbeAsync(ProbedNode node) => _loop is null ? _prober.RunAsync(node).AsTask() : _loop.RunAsync(() => _prober.RunAsync(node));

    /// <summary>Probes again and again in one flow, which itself allocates nothing: the number of successes, and what the loop's thread, where all of it runs, allocated meanwhile.</summary>
    public Task<(int Succeeded, long Allocated)> ProbeManyAsync(ProbedNode node, int count) => _loop!.RunAsync(async () =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        int succeeded = 0;
        for (int i = 0; i < count; i++)
            succeeded += (await _prober.RunAsync(node)).Status == 200 ? 1 : 0;
        _loop.Loop.IsCurrent.ShouldBeTrue();
        return (succeeded, GC.GetAllocatedBytesForCurrentThread() - before);
    });

    /// <summary>Descriptors that belong to the loop; 0 without one.</summary>
    public async Task<int> OpenAsync() => _loop is null ? 0 : await _loop.CallAsync(() => _loop.Loop.Targets.Count());

    public async ValueTask DisposeAsync()
    {
        _loop?.Log.Lines.ShouldBeEmpty();
        _loop?.Dispose();
        _steps?.Dispose();
        await _resolver.DisposeAsync();
        _deadlines.Dispose();
    }
}
