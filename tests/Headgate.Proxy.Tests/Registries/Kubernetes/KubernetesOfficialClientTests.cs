using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Kubernetes;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

/// <summary>Kubernetes' own client for Node fills and reads the API server of the tests: so that not both sides of the protocol are ours.</summary>
public sealed class KubernetesOfficialClientTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-kubernetes-");
    private readonly TestCertificates _authority = new();
    private X509Certificate2 _certificate = null!;
    private KubernetesApiServer _server = null!;
    private KubernetesUnderTest _test = null!;

    private string AuthorityFile => Path.Combine(_folder.FullName, "ca.crt");

    public async ValueTask InitializeAsync()
    {
        _certificate = _authority.Issue("127.0.0.1");
        _server = await KubernetesApiServer.StartAsync(_certificate);
        _server.Tokens["t0ken"] = true;
        await File.WriteAllTextAsync(AuthorityFile, _authority.AuthorityPem);
        _test = await KubernetesUnderTest.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _test.DisposeAsync();
        await _server.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task OfficialClient_FillsAndReads_WhatOurClientFollows()
    {
        await using IRegistryClient slices = _test.Make(Settings("'watch_endpoint_slices':true"));
        await using IRegistryClient endpoints = _test.Make(Settings("'watch_endpoint_slices':false"));
        await using ServiceFollower ofSlices = new(slices, KubernetesUnderTest.Service("shop/orders:http"));
        await using ServiceFollower ofEndpoints = new(endpoints, KubernetesUnderTest.Service("shop/orders:8080"));
        await ofSlices.HasAddressesAsync("");
        await ofEndpoints.HasAddressesAsync("");

        (await RunAsync("fill")).ShouldBe(["stale 409 Conflict", "twice 409 AlreadyExists", "missing 404 NotFound"]);

        await ofSlices.HasAddressesAsync("10.0.0.1:80 10.0.0.100:80 10.0.0.101:80 10.0.0.2:80 10.0.0.3:80 [fd00::1]:80");
        await ofEndpoints.HasAddressesAsync("10.0.1.2:8080 10.0.1.3:8080");
        (ofSlices.Failure, ofEndpoints.Failure, _server.Lists).ShouldBe((null, null, 2));
        (await slices.ListServicesAsync(10, TestContext.Current.CancellationToken)).ShouldBe(["shop/orders:http"]);

        (await RunAsync("list")).ShouldBe(
        [
            "shop orders-0 10.0.0.100,10.0.0.101", "shop orders-1 10.0.0.1", "shop orders-2 10.0.0.2", "shop orders-3 10.0.0.3", "shop orders-6 fd00::1", "pages 3", "orders 10.0.1.2,10.0.1.3", "selected 0",
        ]);
    }

    [Fact]
    public async Task OfficialClient_FollowsTheServer_ThroughGone()
    {
        Put("web", "10.0.0.1");
        Task<string[]> following = RunAsync("follow");
        await Eventually.HoldsAsync(() => _server.Watches.Open == 1 || following.IsCompleted, "a watch of the official client", boundSeconds: 100);
        Put("web", "10.0.0.1", "10.0.0.2");
        Put("other", "10.0.0.3");
        _server.Objects.Delete(KubernetesCollection.Slices, "shop", "other");
        await Eventually.HoldsAsync(() => _server.Watches.Sent >= 3 || following.IsCompleted, "three events");
        // It cannot be told of this, and 410 tells it so.
        _server.Objects.Compact();
        Put("last", "10.0.0.4");
        await Eventually.HoldsAsync(() => _server.Lists == 2 || following.IsCompleted, "a second list");
        await Eventually.HoldsAsync(() => _server.Watches.Open == 1 || following.IsCompleted, "a watch after it");
        _server.Objects.Delete(KubernetesCollection.Slices, "shop", "last");
        (await following).ShouldBe(["add web", "update web 2", "add other", "delete other", "add last", "delete last"]);
    }

    private string Settings(string more) => $"{{'service':{{'host':'127.0.0.1','port':{_server.Port},'ca_file':'{AuthorityFile}'}},'client':{{'token':'t0ken'}},{more}}}";

    private void Put(string name, params string[] addresses)
    {
        var endpoints = new JsonArray([.. addresses.Select(static address => new JsonObject { ["addresses"] = new JsonArray(address) })]);
        JsonObject one = KubernetesUnderTest.Json($"{{'metadata':{{'name':'{name}','namespace':'shop'}},'addressType':'IPv4','ports':[]}}");
        one["endpoints"] = endpoints;
        _server.Objects.Put(KubernetesCollection.Slices, one);
    }

    private async Task<string[]> RunAsync(string action) =>
        (await NpmProgram.RunAsync("Registries/Kubernetes/Client", "cluster.mjs", $"https://127.0.0.1:{_server.Port}", AuthorityFile, "t0ken", action)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
