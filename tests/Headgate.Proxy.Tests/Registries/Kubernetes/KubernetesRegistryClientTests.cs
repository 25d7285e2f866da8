using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Kubernetes;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

/// <summary>What a client makes of what is in a cluster, from an API server that speaks the documented protocol.</summary>
public sealed class KubernetesRegistryClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FollowAsync_Slices_ChangesArriveAsTheyHappen()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-1", "web", "10.0.0.1 10.0.0.2");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80 10.0.0.2:80");

        test.PutSlice("web-1", "web", "10.0.0.2 10.0.0.3");
        await web.HasAddressesAsync("10.0.0.2:80 10.0.0.3:80");
        test.PutSlice("web-2", "web", "10.0.0.9");
        await web.HasAddressesAsync("10.0.0.2:80 10.0.0.3:80 10.0.0.9:80");
        test.DeleteSlice("web-1");
        await web.HasAddressesAsync("10.0.0.9:80");
        test.DeleteSlice("web-2");
        await web.HasAddressesAsync("");
        web.Answers[^1].Problems.ShouldBe(["there is no EndpointSlice object of a service default/web"]);
        (test.Server.Lists, test.Server.Watches.Opened).ShouldBe((1, 1));
        web.Answers.ShouldAllBe(answer => answer.Instances.All(one => one.Weight == 50));
    }

    [Fact]
    public async Task FollowAsync_Endpoints_ReadyAddressesOfEverySubsetArrive()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync("'default_weight':7");
        test.Server.Objects.Put(KubernetesCollection.Endpoints, KubernetesUnderTest.Json("""
            {'metadata':{'name':'web','namespace':'default'},'subsets':[
              {'addresses':[{'ip':'10.0.0.1','nodeName':'m1','targetRef':{'kind':'Pod','name':'web-x'}},{'ip':'fd00::1'}],'notReadyAddresses':[{'ip':'10.0.0.9'}],'ports':[{'name':'http','port':80},{'name':'admin','port':90}]},
              {'addresses':[{'ip':'10.0.0.2'}],'ports':[{'name':'http','port':8080}]}]}
            """));
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80 10.0.0.2:8080 [fd00::1]:80");
        web.Answers[^1].Instances[0].Weight.ShouldBe(7);
        web.Answers[^1].Instances[0].Metadata.ShouldBe([new MetadataEntry("node", "m1"), new MetadataEntry("pod", "web-x")]);
        test.Server.Requests.First().ShouldBe("/api/v1/endpoints?limit=3");

        test.Server.Objects.Put(KubernetesCollection.Endpoints, KubernetesUnderTest.Json("{'metadata':{'name':'web','namespace':'default'}}"));
        await web.HasAddressesAsync("");
    }

    [Fact]
    public async Task FollowAsync_SeveralServices_OneWatchServesAll_WhileAnyIsFollowed()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("a-1", "a", "10.0.0.1");
        test.PutSlice("b-1", "b", "10.0.0.2", "[{'name':'http','port':80},{'name':'grpc','port':90}]");
        await using (ServiceFollower a = test.Follow("default/a:http"))
        await using (ServiceFollower b = test.Follow("default/b:http"))
        await using (ServiceFollower grpc = test.Follow("default/b:grpc"))
        {
            await a.HasAddressesAsync("10.0.0.1:80");
            await b.HasAddressesAsync("10.0.0.2:80");
            await grpc.HasAddressesAsync("10.0.0.2:90");
            test.PutSlice("b-1", "b", "10.0.0.3", "[{'name':'http','port':80},{'name':'grpc','port':90}]");
            await grpc.HasAddressesAsync("10.0.0.3:90");
            await b.HasAddressesAsync("10.0.0.3:80");
            a.Answers.Count.ShouldBe(1);
            (test.Server.Lists, test.Server.Watches.Open).ShouldBe((1, 1));
        }

        await Eventually.HoldsAsync(() => test.Server.Watches.Open == 0, "the watch ends with its last follower");
        await using ServiceFollower again = test.Follow("default/a:http");
        await again.HasAddressesAsync("10.0.0.1:80");
        test.Server.Lists.ShouldBe(2);
    }

    [Fact]
    public async Task FollowAsync_ManyObjects_AreReadPageByPage()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        for (int i = 0; i < 10; i++)
            test.PutSlice($"web-{i}", "web", $"10.0.0.{i}");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync(string.Join(' ', Enumerable.Range(0, 10).Select(static i => $"10.0.0.{i}:80")));
        test.Server.Requests.Count(static one => !KubernetesApiServer.IsWatch(one)).ShouldBe(4);
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{'ready':true}", true)]
    [InlineData("{'ready':false,'serving':false,'terminating':false}", false)]
    [InlineData("{'ready':null,'serving':null,'terminating':null}", true)]
    [InlineData("{'ready':false,'serving':true,'terminating':true}", false)]
    [InlineData("{'ready':true,'serving':true,'terminating':true}", false)]
    public async Task FollowAsync_Conditions_ReadyOnesCount_TerminatingOnesLeave(string conditions, bool counts)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-1", "web", $"10.0.0.1 {{'addresses':['10.0.0.2'],'conditions':{conditions}}}");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync(counts ? "10.0.0.1:80 10.0.0.2:80" : "10.0.0.1:80");
        web.Answers[^1].Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task FollowAsync_AddressTypes_AllBecomeInstances_WithTheirZone()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-4", "web", "{'addresses':['10.0.0.1'],'zone':'z1','nodeName':'m1','targetRef':{'kind':'Pod','name':'p1','namespace':'default'}}");
        test.PutSlice("web-6", "web", "fd00::1", type: "IPv6");
        test.PutSlice("web-n", "web", "a.example.com", type: "FQDN");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80 [fd00::1]:80 a.example.com:80");
        web.Answers[^1].Instances[0].Metadata.ShouldBe([new MetadataEntry("node", "m1"), new MetadataEntry("pod", "p1"), new MetadataEntry("zone", "z1")]);
    }

    [Fact]
    public async Task FollowAsync_EndpointInTwoSlices_CountsOnce()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-1", "web", "10.0.0.1 10.0.0.2");
        test.PutSlice("web-2", "web", "10.0.0.2 10.0.0.3");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80");
        web.Answers[^1].Instances.ShouldAllBe(one => one.Weight == 50);
        test.DeleteSlice("web-1");
        await web.HasAddressesAsync("10.0.0.2:80 10.0.0.3:80");
    }

    [Theory]
    [InlineData("[{'name':'http','port':80},{'name':'grpc','port':90}]", "grpc", "10.0.0.1:90")]
    [InlineData("[{'name':'http','port':80},{'name':'grpc','port':90}]", "80", "10.0.0.1:80")]
    [InlineData("[{'port':81}]", "81", "10.0.0.1:81")]
    [InlineData("[{'port':81}]", "", "10.0.0.1:81")]
    [InlineData("[{'name':'dns','port':53,'protocol':'UDP'},{'name':'dns-tcp','port':53}]", "53", "10.0.0.1:53")]
    public async Task FollowAsync_Port_IsNamedOrNumbered(string ports, string port, string expected)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-1", "web", "10.0.0.1", ports);
        await using ServiceFollower web = test.Follow($"default/web:{port}");
        await web.HasAddressesAsync(expected);
        web.Answers[^1].Instances[0].Weight.ShouldBe(50);
    }

    [Fact]
    public async Task FollowAsync_PortThatTheServiceHasNot_IsSaidWithThoseItHas()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-1", "web", "10.0.0.1", "[{'name':'http','port':80},{'name':'grpc','port':90}]");
        await using ServiceFollower web = test.Follow("default/web:htp");
        await web.HasAddressesAsync("");
        web.Answers[^1].Problems.ShouldBe(["service default/web has no port \"htp\"; it has http (80), grpc (90)"]);
    }

    [Fact]
    public async Task FollowAsync_SliceThatChangesItsService_LeavesTheOneAndJoinsTheOther()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("x", "a", "10.0.0.1");
        await using ServiceFollower a = test.Follow("default/a:http");
        await using ServiceFollower b = test.Follow("default/b:http");
        await a.HasAddressesAsync("10.0.0.1:80");
        test.PutSlice("x", "b", "10.0.0.1");
        await b.HasAddressesAsync("10.0.0.1:80");
        await a.HasAddressesAsync("");
        test.PutUnchecked("x", "{'metadata':{'name':'x'},'addressType':'IPv4','endpoints':[],'ports':[]}");
        await b.HasAddressesAsync("");
    }

    [Theory]
    [InlineData("'namespace_selector':{'equal':'n1'}", "/apis/discovery.k8s.io/v1/namespaces/n1/endpointslices?limit=3", "n1")]
    [InlineData("'namespace_selector':{'not_equal':'n1'}", "/apis/discovery.k8s.io/v1/endpointslices?limit=3&fieldSelector=metadata.namespace%21%3Dn1", "n2 m1")]
    [InlineData("'namespace_selector':{'match':['m1','^n[2-9]$']}", "/apis/discovery.k8s.io/v1/endpointslices?limit=3", "n2 m1")]
    [InlineData("'namespace_selector':{'match':['n']}", "/apis/discovery.k8s.io/v1/endpointslices?limit=3", "")]
    [InlineData("'namespace_selector':{'not_match':['n.']}", "/apis/discovery.k8s.io/v1/endpointslices?limit=3", "m1")]
    [InlineData("'label_selector':'team=red,!x'", "/apis/discovery.k8s.io/v1/endpointslices?limit=3&labelSelector=team%3Dred%2C%21x", null)]
    public async Task FollowAsync_Selectors_NarrowWhatIsRead(string settings, string asked, string? chosen)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync($"'watch_endpoint_slices':true,{settings}");
        foreach (string space in (string[])["n1", "n2", "m1"])
            test.PutSlice("web-1", "web", "10.0.0.1", space: space);
        if (chosen is null)
        {
            await test.Client.TestAsync(Cancel);
            test.Server.Requests.First().ShouldBe(asked.Replace("limit=3", "limit=1"));
            return;
        }

        IReadOnlyList<string> services = await test.Client.ListServicesAsync(10, Cancel);
        services.ShouldBe(chosen.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static space => $"{space}/web:http").Order());
        test.Server.Requests.First().ShouldBe(asked);
        foreach (string space in (string[])["n1", "n2", "m1"])
        {
            await using ServiceFollower web = test.Follow($"{space}/web:http");
            if (chosen.Contains(space))
            {
                await web.HasAddressesAsync("10.0.0.1:80");
                test.PutSlice("web-1", "web", "10.0.0.2", space: space);
                await web.HasAddressesAsync("10.0.0.2:80");
                test.PutSlice("web-1", "web", "10.0.0.1", space: space);
            }
            else
            {
                RegistryException failure = await web.FailsAsync();
                (failure.Message, failure.IsOfServiceOnly).ShouldBe(($"namespace_selector leaves the namespace {space} out", true));
            }
        }
    }

    [Fact]
    public async Task FollowAsync_LabelSelector_ObjectThatLosesTheLabel_Leaves()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync("'watch_endpoint_slices':true,'label_selector':' team=red,tier!=x\\n'");
        test.PutSlice("web-1", "web", "10.0.0.1", labels: ",'team':'red'");
        test.PutSlice("web-2", "web", "10.0.0.2");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80");
        test.PutSlice("web-2", "web", "10.0.0.2", labels: ",'team':'red'");
        await web.HasAddressesAsync("10.0.0.1:80 10.0.0.2:80");
        test.PutSlice("web-1", "web", "10.0.0.1", labels: ",'team':'red','tier':'x'");
        await web.HasAddressesAsync("10.0.0.2:80");
    }

    [Fact]
    public async Task FollowAsync_SeveralClusters_NamesSayWhich()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        await using KubernetesApiServer other = await KubernetesApiServer.StartAsync();
        await using IRegistryClient both = test.Make($$"""
            [{'id':'east','service':{'schema':'http','host':'127.0.0.1','port':'{{test.Server.Port}}'},'client':{'token':'t'},'watch_endpoint_slices':true},
             {'id':'west','service':{'schema':'http','host':'127.0.0.1','port':'{{other.Port}}'},'client':{'token':'t'},'default_weight':3}]
            """);
        test.PutSlice("web-1", "web", "10.0.0.1");
        other.Objects.Put(KubernetesCollection.Endpoints, KubernetesUnderTest.Json("{'metadata':{'name':'web','namespace':'default'},'subsets':[{'addresses':[{'ip':'10.1.0.1'}],'ports':[{'port':80}]}]}"));
        await using ServiceFollower east = new(both, KubernetesUnderTest.Service("east/default/web:http"));
        await using ServiceFollower west = new(both, KubernetesUnderTest.Service("west/default/web:80"));
        await east.HasAddressesAsync("10.0.0.1:80");
        await west.HasAddressesAsync("10.1.0.1:80");
        west.Answers[^1].Instances[0].Weight.ShouldBe(3);
        (await both.ListServicesAsync(10, Cancel)).ShouldBe(["east/default/web:http", "west/default/web:80"]);
        (await both.ListServicesAsync(1, Cancel)).ShouldBe(["east/default/web:http"]);

        await using ServiceFollower north = new(both, KubernetesUnderTest.Service("north/default/web:80"));
        (await north.FailsAsync()).Message.ShouldBe("there is no cluster \"north\"; there are: east, west");
        await using ServiceFollower nowhere = new(both, KubernetesUnderTest.Service("default/web:80"));
        (await nowhere.FailsAsync()).Message.ShouldBe("service_name \"default/web:80\" is not id/namespace/name:port");
    }

    [Theory]
    [InlineData("web:80")]
    [InlineData("default/web")]
    [InlineData("default/:80")]
    [InlineData("/web:80")]
    [InlineData("east/default/web:80")]
    public async Task FollowAsync_NameOfAnotherForm_IsRefused(string name)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        await using ServiceFollower web = test.Follow(name);
        RegistryException failure = await web.FailsAsync();
        (failure.Message, failure.IsOfServiceOnly).ShouldBe(($"service_name \"{name}\" is not namespace/name:port", true));
        test.Server.Requests.ShouldBeEmpty();
    }
}
