using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Kubernetes;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Kubernetes;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

/// <summary>What a client does when the API server is not well.</summary>
public sealed class KubernetesFaultTests
{
    private static readonly KubernetesTerms Impatient = KubernetesUnderTest.Terms with { PageTimeout = TimeSpan.FromMilliseconds(300), WatchHeadTimeout = TimeSpan.FromMilliseconds(300) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KubernetesFault.Hang, "does not answer in time")]
    [InlineData(KubernetesFault.Error500, "answers 500 to /apis/discovery.k8s.io/v1/endpointslices")]
    [InlineData(KubernetesFault.TooMany, "answers 429 to /apis/discovery.k8s.io/v1/endpointslices: too many requests, please try again later")]
    [InlineData(KubernetesFault.NoJson, "with what is no JSON")]
    [InlineData(KubernetesFault.WrongKind, "with what is no EndpointSliceList")]
    [InlineData(KubernetesFault.NoItems, "without a list of items")]
    [InlineData(KubernetesFault.Gone, "answers 410")]
    public async Task List_AnsweredBadly_Fails_AndTheNextTryIsAsNew(KubernetesFault fault, string problem)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync(terms: Impatient);
        test.PutSlice("web-1", "web", "10.0.0.1");
        test.Server.Fault = _ => fault;
        await using (ServiceFollower web = test.Follow("default/web:http"))
        {
            RegistryException failure = await web.FailsAsync();
            failure.Message.ShouldContain(problem);
            failure.Message.ShouldContain($"http://127.0.0.1:{test.Server.Port}");
            failure.IsOfServiceOnly.ShouldBeFalse();
            web.Answers.ShouldBeEmpty();
        }

        if (fault is not (KubernetesFault.WrongKind or KubernetesFault.NoItems)) // a test looks at the status and whether it is JSON
            (await Should.ThrowAsync<RegistryException>(test.Client.TestAsync(Cancel))).Message.ShouldContain(problem);
        test.Server.Fault = static _ => KubernetesFault.None;
        await using ServiceFollower again = test.Follow("default/web:http");
        await again.HasAddressesAsync("10.0.0.1:80");
        await test.Client.TestAsync(Cancel);
    }

    [Theory]
    [InlineData(KubernetesFault.Hang, "does not answer in time")]
    [InlineData(KubernetesFault.Error500, "answers 500 to a watch of /apis/discovery.k8s.io/v1/endpointslices")]
    [InlineData(KubernetesFault.ErrorEvent, "ends a watch of /apis/discovery.k8s.io/v1/endpointslices: etcd event received with PrevKv=nil")]
    [InlineData(KubernetesFault.NoJsonLine, "a line of a watch of /apis/discovery.k8s.io/v1/endpointslices is no JSON")]
    [InlineData(KubernetesFault.EndlessLine, "a watch brought a line of more than 100000 bytes")]
    [InlineData(KubernetesFault.EndAtOnce, "ends each watch of /apis/discovery.k8s.io/v1/endpointslices at once")]
    public async Task Watch_AnsweredBadly_EveryFollowerFails_AndTheNextTryReadsAll(KubernetesFault fault, string problem)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync(terms: Impatient with { LineBytesMax = 100_000 });
        test.PutSlice("web-1", "web", "10.0.0.1");
        test.Server.Fault = request => KubernetesApiServer.IsWatch(request) ? fault : KubernetesFault.None;
        await using (ServiceFollower web = test.Follow("default/web:http"))
        await using (ServiceFollower other = test.Follow("default/other:http"))
        {
            (await web.FailsAsync()).Message.ShouldContain(problem);
            (await other.FailsAsync()).Message.ShouldContain(problem);
            web.Addresses.ShouldBe("10.0.0.1:80");
        }

        test.Server.Fault = static _ => KubernetesFault.None;
        test.PutSlice("web-1", "web", "10.0.0.2");
        await using ServiceFollower again = test.Follow("default/web:http");
        await again.HasAddressesAsync("10.0.0.2:80");
        again.Answers.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(KubernetesFault.Gone)]
    [InlineData(KubernetesFault.GoneEvent)]
    public async Task Watch_Gone_AllIsReadAnew_AndNothingIsMissed(KubernetesFault fault)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-1", "web", "10.0.0.1");
        test.PutSlice("old-1", "old", "10.0.0.8");
        int watches = 0;
        test.Server.Fault = request =>
        {
            if (!KubernetesApiServer.IsWatch(request) || Interlocked.Increment(ref watches) != 1)
                return KubernetesFault.None;
            // While nobody listens.
            test.PutSlice("web-1", "web", "10.0.0.2");
            test.DeleteSlice("old-1");
            test.Server.Objects.Compact();
            return fault;
        };
        await using ServiceFollower web = test.Follow("default/web:http");
        await using ServiceFollower old = test.Follow("default/old:http");
        await web.HasAddressesAsync("10.0.0.2:80");
        await old.HasAddressesAsync("");
        test.PutSlice("web-1", "web", "10.0.0.3");
        await web.HasAddressesAsync("10.0.0.3:80");
        (web.Failure, test.Server.Lists, test.Server.Watches.Open).ShouldBe((null, 2, 1));
    }

    [Fact]
    public async Task Watch_GoneAgainAndAgain_AllIsReadTwice_AndThenNotBeforeAPause()
    {
        // The clock stands still, so no pause ends.
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync(terms: KubernetesTerms.Default, time: new ManualTimeProvider());
        test.PutSlice("web-1", "web", "10.0.0.1");
        test.Server.Fault = static request => KubernetesApiServer.IsWatch(request) ? KubernetesFault.Gone : KubernetesFault.None;
        await using ServiceFollower web = test.Follow("default/web:http");
        await Eventually.HoldsAsync(() => test.Server.Requests.Count == 4, "two full reads with their watches");
        for (int i = 0; i < 20; i++)
            await test.Client.TestAsync(Cancel);
        test.Server.Requests.Count(static request => request.EndsWith("limit=500", StringComparison.Ordinal)).ShouldBe(2);
        (web.Failure, web.Addresses).ShouldBe((null, "10.0.0.1:80"));
    }

    [Fact]
    public async Task Watch_DroppedSilently_IsOpenedAnewFromWhereItWas()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync(terms: KubernetesUnderTest.Terms with { WatchSilence = TimeSpan.FromMilliseconds(400) });
        test.PutSlice("web-1", "web", "10.0.0.1");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80");
        await Eventually.HoldsAsync(() => test.Server.Watches.Open > 0, "a watch");
        test.Server.Watches.Silence();
        test.PutSlice("web-1", "web", "10.0.0.2");
        await web.HasAddressesAsync("10.0.0.2:80");
        (web.Failure, test.Server.Lists).ShouldBe((null, 1));
        test.Server.Watches.Opened.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Watch_WithBookmarks_IsNotSilent_AndGoesOnFromThem()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync(terms: KubernetesUnderTest.Terms with { WatchSilence = TimeSpan.FromSeconds(20) });
        test.Server.Watches.BookmarkInterval = TimeSpan.FromMilliseconds(10);
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("");
        // Of other objects than those that are watched: only a bookmark tells of them.
        test.Server.Objects.Put(KubernetesCollection.Endpoints, KubernetesUnderTest.Json("{'metadata':{'name':'x','namespace':'default'}}"));
        long version = test.Server.Objects.Version;
        int bookmarks = test.Server.Watches.Bookmarks;
        await Eventually.HoldsAsync(() => test.Server.Watches.Bookmarks > bookmarks + 2, "bookmarks");
        test.Server.Watches.Cut();
        await Eventually.HoldsAsync(() => test.Server.Requests.Last().Contains($"resourceVersion={version}&"), "a watch from the bookmark on");
        test.Server.Requests.Last().ShouldMatch("^/apis/discovery.k8s.io/v1/endpointslices\\?watch=true&allowWatchBookmarks=true&resourceVersion=[0-9]+&timeoutSeconds=([3-5][0-9][0-9]|600)$");
        (web.Failure, test.Server.Lists).ShouldBe((null, 1));
    }

    [Fact]
    public async Task Watch_WhoseTimeIsOver_OrThatBreaksOff_GoesOnFromWhereItWas()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync(terms: KubernetesUnderTest.Terms with { WatchLeast = TimeSpan.FromSeconds(1) });
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("");
        await Eventually.HoldsAsync(() => test.Server.Watches.Opened >= 2, "a second watch after the first one's time");
        for (int i = 1; i <= 5; i++)
        {
            test.Server.Watches.Cut();
            test.PutSlice("web-1", "web", $"10.0.0.{i}");
            await web.HasAddressesAsync($"10.0.0.{i}:80");
        }

        (web.Failure, test.Server.Lists).ShouldBe((null, 1));
    }

    [Fact]
    public async Task List_PagesGoneBetween_IsReadInOnePiece()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        for (int i = 0; i < 8; i++)
            test.PutSlice($"web-{i}", "web", $"10.0.0.{i}");
        test.Server.Fault = request =>
        {
            if (request.Contains("continue=", StringComparison.Ordinal))
                test.Server.Objects.Compact();
            return KubernetesFault.None;
        };
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync(string.Join(' ', Enumerable.Range(0, 8).Select(static i => $"10.0.0.{i}:80")));
        test.Server.Requests.ShouldContain("/apis/discovery.k8s.io/v1/endpointslices?limit=0");
    }

    [Fact]
    public async Task Server_Killed_FollowersFail_AndSayWhy()
    {
        KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        await using (ServiceFollower web = test.Follow("default/web:http"))
        {
            await web.HasAddressesAsync("");
            await test.Server.DisposeAsync();
            (await web.FailsAsync()).Message.ShouldContain("Connection refused");
        }

        await test.Client.DisposeAsync();
    }

    [Fact]
    public async Task Object_WithWrongParts_TheyAreNamedAndOthersKept()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutUnchecked("web-1", """
            {'metadata':{'name':'web-1','labels':{'kubernetes.io/service-name':'web'}},'addressType':'IPv4','ports':[{'name':'http','port':80},{'name':'x','port':'80'},5],
             'endpoints':[{'addresses':['10.0.0.1']},{'addresses':['fd00::1']},{'addresses':['10.1']},{'addresses':[7]},7,{'addresses':'10.0.0.9'},{'addresses':['10.0.0.2'],'conditions':7},
                          {'addresses':['10.0.0.3'],'conditions':{'ready':'yes'}},{'addresses':['10.0.0.4'],'conditions':{'terminating':0}},{'addresses':null},{}]}
            """);
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80");
        web.Answers[^1].Problems.ShouldBe(
        [
            "default/web-1: ports[1].port is no whole number",
            "default/web-1: ports[2] is no object",
            "default/web-1: endpoints[1].addresses[0]: \"fd00::1\" is no IPv4 address",
            "default/web-1: endpoints[2].addresses[0]: \"10.1\" is no IPv4 address",
            "default/web-1: endpoints[3].addresses[0]: \"\" is no IPv4 address",
            "default/web-1: endpoints[4] is no object",
            "default/web-1: endpoints[5].addresses is no list",
            "default/web-1: endpoints[6].conditions is no object",
            "default/web-1: endpoints[7].conditions.ready is neither true nor false",
            "default/web-1: endpoints[8].conditions.terminating is neither true nor false",
        ]);
    }

    [Theory]
    [InlineData("'addressType':'IPv4','endpoints':7,'ports':[]", "default/web-1: endpoints is no list")]
    [InlineData("'addressType':'IPv4','endpoints':[],'ports':{}", "default/web-1: ports is no list")]
    [InlineData("'addressType':'IPX','endpoints':[],'ports':[]", "default/web-1: addressType \"IPX\" is none of IPv4, IPv6, FQDN")]
    public async Task Object_ThatBecomesUnreadable_ItsLastGoodWordStays(string members, string problem)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutSlice("web-1", "web", "10.0.0.1");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80");
        test.PutUnchecked("web-1", $"{{'metadata':{{'name':'web-1','labels':{{'kubernetes.io/service-name':'web'}}}},{members}}}");
        await Eventually.HoldsAsync(() => web.Answers[^1].Problems.Contains(problem), problem);
        web.Addresses.ShouldBe("10.0.0.1:80");
        test.PutSlice("web-1", "web", "10.0.0.2");
        await web.HasAddressesAsync("10.0.0.2:80");
        web.Answers[^1].Problems.ShouldBeEmpty();

        // Of one that was never good there is nothing to keep: no answer, and only for that service.
        test.PutUnchecked("bad-1", $"{{'metadata':{{'name':'bad-1','labels':{{'kubernetes.io/service-name':'bad'}}}},{members}}}");
        await using ServiceFollower bad = test.Follow("default/bad:http");
        RegistryException failure = await bad.FailsAsync();
        failure.Message.ShouldBe($"nothing of service default/bad can be used: {problem.Replace("web", "bad", StringComparison.Ordinal)}");
        (failure.IsOfServiceOnly, web.Failure).ShouldBe((true, null));
    }

    [Fact]
    public async Task Object_WithoutServiceOrName_IsNobodysAndHarmsNone()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.PutUnchecked("a", "{'metadata':{'name':'a'},'addressType':'IPv4','endpoints':[],'ports':[]}");
        test.PutUnchecked("b", "{'addressType':'IPv4'}");
        test.PutSlice("web-1", "web", "10.0.0.1");
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("10.0.0.1:80");
        (await test.Client.ListServicesAsync(10, Cancel)).ShouldBe(["default/web:http"]);
    }
}
