using System.Globalization;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Proxy.Registries.Kubernetes;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;
using Headgate.Testing.Registries.Kubernetes;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

/// <summary>A route of a gateway whose upstream follows a service of a cluster.</summary>
public sealed class KubernetesGatewayTests
{
    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task Route_OverAService_ServesItsReadyPods_AndFollowsThem_WithoutAFailedRequest()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        ScriptedNode[] pods = [.. Enumerable.Range(0, 6).Select(static i => ScriptedNode.StartAnswering($"{i}"))];
        Put(test, pods[0], 0);
        await using GatewayUnderTest gateway = await StartAsync(test, RegistryClients.Make);
        using var client = new RawClient(await gateway.ConnectAsync());
        await ServesAsync(client, "0");

        // A rollout: the next pod comes, the one before leaves; every request of it is answered 200.
        using var enough = new CancellationTokenSource();
        Task<int> traffic = AskUntilAsync(gateway, enough.Token);
        for (int i = 1; i < pods.Length; i++)
        {
            Put(test, pods[i], i);
            await ServesAsync(client, $"{i}");
            if (i == 3)
            {
                test.Server.Objects.Compact();
                test.Server.Watches.Cut();
            }

            test.PutSlice($"web-{i - 1}", "web", "{'addresses':['127.0.0.1'],'conditions':{'ready':false,'serving':true,'terminating':true}}", Ports(pods[i - 1]));
            await Eventually.HoldsAsync(() => gateway.Nodes.Count == 1, "one node is left");
            test.DeleteSlice($"web-{i - 1}");
        }

        await enough.CancelAsync();
        (await traffic).ShouldBeGreaterThan(0);
        gateway.Plane.Counters.RequestsByStatusClass(5).ShouldBe(0);
        foreach (ScriptedNode pod in pods)
            await pod.DisposeAsync();
    }

    [Fact]
    public async Task Route_WhileTheApiServerIsIll_ServesWhatIsKnown_AndCatchesUp()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        await using ScriptedNode first = ScriptedNode.StartAnswering("first");
        await using ScriptedNode second = ScriptedNode.StartAnswering("second");
        Put(test, first, 1);
        await using GatewayUnderTest gateway = await StartAsync(
            test, static (config, needs) => new KubernetesRegistryClient((KubernetesConfig)config, needs, KubernetesUnderTest.Terms, static _ => null));
        using var client = new RawClient(await gateway.ConnectAsync());
        await ServesAsync(client, "first");
        foreach (KubernetesFault fault in (KubernetesFault[])[KubernetesFault.Error500, KubernetesFault.NoJson, KubernetesFault.WrongKind])
        {
            test.Server.Fault = _ => fault;
            test.Server.Watches.Cut();
            await Eventually.HoldsAsync(() => gateway.Discovery!.Registries()[0].Last.Status == RegistryStatus.Lost, "the registry is lost");
            (await AskAsync(client)).ShouldBe((200, "first"));
            test.Server.Fault = static _ => KubernetesFault.None;
            await Eventually.HoldsAsync(() => gateway.Discovery!.Registries()[0].Last.Status == RegistryStatus.Healthy, "the registry is back");
        }

        Put(test, second, 2);
        await ServesAsync(client, "second");
        gateway.Plane.Counters.RequestsByStatusClass(5).ShouldBe(0);
    }

    private static async Task<GatewayUnderTest> StartAsync(KubernetesUnderTest test, Func<RegistryConfig, RegistryServices, IRegistryClient> make)
    {
        var options = new DiscoveryOptions
        {
            Registries = [KubernetesUnderTest.Parse($"{{'service':{{'schema':'http','host':'127.0.0.1','port':{test.Server.Port}}},'watch_endpoint_slices':true}}")],
            RetryMin = TimeSpan.FromMilliseconds(10),
            RetryMax = TimeSpan.FromMilliseconds(100),
        };
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, discovery: new DiscoveryLoop(options, KubernetesUnderTest.Needs(), make));
        gateway.Put(ResourceKind.Upstream, "u", """{"type":"roundrobin","service_name":"default/web:http","discovery_type":"kubernetes"}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        await Eventually.HoldsAsync(() => gateway.Nodes.Count == 1, "the service's node");
        return gateway;
    }

    private static void Put(KubernetesUnderTest test, ScriptedNode pod, int number) => test.PutSlice($"web-{number}", "web", "127.0.0.1", Ports(pod));

    private static string Ports(ScriptedNode pod) => string.Create(CultureInfo.InvariantCulture, $"[{{'name':'http','port':{pod.Port}}}]");

    private static async Task<(int Status, string Body)> AskAsync(RawClient client)
    {
        (int status, ReadOnlyMemory<byte> body) = await client.AskAsync(Request);
        return (status, Encoding.ASCII.GetString(body.Span));
    }

    private static Task ServesAsync(RawClient client, string body) => Eventually.HoldsAsync(async () => await AskAsync(client) == (200, body), $"an answer of {body}");

    private static async Task<int> AskUntilAsync(GatewayUnderTest gateway, CancellationToken enough)
    {
        using var client = new RawClient(await gateway.ConnectAsync());
        int asked = 0;
        for (; !enough.IsCancellationRequested; asked++)
            (await AskAsync(client)).Status.ShouldBe(200);
        return asked;
    }
}
