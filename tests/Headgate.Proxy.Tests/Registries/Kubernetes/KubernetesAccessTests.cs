using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Kubernetes;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

/// <summary>How a client finds the API server, shows who it is, and knows whom it talks to.</summary>
public sealed class KubernetesAccessTests : IDisposable
{
    private const string Variables = "'service':{'schema':'http','host':'${KUBERNETES_SERVICE_HOST}','port':'${KUBERNETES_SERVICE_PORT}'}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-kubernetes-");

    private string TokenFile => Path.Combine(_folder.FullName, "token");

    private string AuthorityFile => Path.Combine(_folder.FullName, "ca.crt");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Token_InAFileThatChanges_IsReadAgain()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync($"'watch_endpoint_slices':true,'client':{{'token_file':'{TokenFile}'}}");
        await File.WriteAllTextAsync(TokenFile, "first\n", Cancel);
        test.Server.Tokens["first"] = true;
        test.PutSlice("web-1", "web", "10.0.0.1");
        await using (ServiceFollower web = test.Follow("default/web:http"))
        {
            await web.HasAddressesAsync("10.0.0.1:80");
            // The old one expires: a watch that is open goes on, the next one shows the new one.
            await File.WriteAllTextAsync(TokenFile, "second\n", Cancel);
            test.Server.Tokens["second"] = true;
            test.Server.Tokens.Remove("first", out _);
            test.Server.Watches.Cut();
            test.PutSlice("web-1", "web", "10.0.0.2");
            await web.HasAddressesAsync("10.0.0.2:80");
            (web.Failure, test.Server.Lists).ShouldBe((null, 1));

            // Expired, and no newer one in sight.
            test.Server.Tokens["third"] = true;
            test.Server.Tokens.Remove("second", out _);
            test.Server.Watches.Cut();
            RegistryException failure = await web.FailsAsync();
            failure.Message.ShouldContain("answers 401 to a watch of");
            failure.Message.ShouldNotContain("second");
        }

        (await Should.ThrowAsync<RegistryException>(test.Client.TestAsync(Cancel))).Message.ShouldContain("answers 401 to /apis/discovery.k8s.io/v1/endpointslices: Unauthorized");
        await File.WriteAllTextAsync(TokenFile, "third", Cancel);
        await using ServiceFollower again = test.Follow("default/web:http");
        await again.HasAddressesAsync("10.0.0.2:80");
    }

    [Fact]
    public async Task Token_ThatChangesWhileItIsRefused_IsShownAtOnce()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync($"'watch_endpoint_slices':true,'client':{{'token_file':'{TokenFile}'}}");
        await File.WriteAllTextAsync(TokenFile, "old", Cancel);
        test.Server.Tokens["new"] = true;
        test.Server.Arriving = _ => File.WriteAllText(TokenFile, "new");
        await test.Client.TestAsync(Cancel);
        test.Server.Requests.Count.ShouldBe(2);

        await File.WriteAllTextAsync(TokenFile, "old", Cancel);
        test.Server.Arriving = request =>
        {
            if (KubernetesApiServer.IsWatch(request))
                File.WriteAllText(TokenFile, "newer");
            test.Server.Tokens[KubernetesApiServer.IsWatch(request) ? "newer" : "old"] = true;
            test.Server.Tokens.Remove(KubernetesApiServer.IsWatch(request) ? "old" : "new", out _);
        };
        await using ServiceFollower web = test.Follow("default/web:http");
        await web.HasAddressesAsync("");
        await Eventually.HoldsAsync(() => test.Server.Watches.Open == 1, "a watch");
        web.Failure.ShouldBeNull();
    }

    [Theory]
    [InlineData("'token':'${THE_TOKEN}'")]
    [InlineData("'token_file':'${THE_FILE}'")]
    [InlineData("'token':' t.0/k+e=n_- '")]
    public async Task Settings_FromTheEnvironment_AreLookedUpWhenTheServerIsAsked(string client)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.Server.Tokens["t.0/k+e=n_-"] = true;
        await File.WriteAllTextAsync(TokenFile, "t.0/k+e=n_-", Cancel);
        await using IRegistryClient pod = test.Make($"{{{Variables},'client':{{{client}}}}}");
        (await Should.ThrowAsync<RegistryException>(pod.TestAsync(Cancel))).Message.ShouldBe("the environment has no KUBERNETES_SERVICE_HOST, where service.host is to come from");
        test.Environment["KUBERNETES_SERVICE_HOST"] = "127.0.0.1";
        test.Environment["KUBERNETES_SERVICE_PORT"] = "x";
        (await Should.ThrowAsync<RegistryException>(pod.TestAsync(Cancel))).Message.ShouldBe("service.host and service.port make no address: \"127.0.0.1\", \"x\"");
        test.Environment["KUBERNETES_SERVICE_PORT"] = $"{test.Server.Port}";
        test.Environment["THE_TOKEN"] = "t.0/k+e=n_-";
        test.Environment["THE_FILE"] = TokenFile;
        await pod.TestAsync(Cancel);
    }

    [Theory]
    [InlineData("two words", "holds no token")]
    [InlineData("tok\nen", "holds no token")]
    [InlineData(null, "client.token_file cannot be read: ")]
    public async Task TokenFile_ThatIsNone_IsSaidWithoutItsContent(string? content, string problem)
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        if (content is not null)
            await File.WriteAllTextAsync(TokenFile, content, Cancel);
        await using IRegistryClient client = test.Make($"{{'service':{{'schema':'https','host':'127.0.0.1','port':{test.Server.Port}}},'client':{{'token_file':'{TokenFile}'}}}}");
        RegistryException failure = await Should.ThrowAsync<RegistryException>(client.TestAsync(Cancel));
        failure.Message.ShouldContain(problem);
        if (content is not null)
            failure.Message.ShouldNotContain(content);
    }

    [Fact]
    public async Task Forbidden_IsSaidInTheServersWords_AndOneNamespaceAloneIsAskedForWhereOnlyItMayBeRead()
    {
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.Server.OnlyNamespaces["n1"] = true;
        test.PutSlice("web-1", "web", "10.0.0.1", space: "n1");
        await using ServiceFollower web = test.Follow("n1/web:http");
        (await web.FailsAsync()).Message.ShouldEndWith(
            "answers 403 to /apis/discovery.k8s.io/v1/endpointslices: endpointslices is forbidden: User \"system:serviceaccount:default:gateway\" cannot list resource \"endpointslices\" at the cluster scope");

        await using IRegistryClient narrow = test.Make($"{{'service':{{'schema':'http','host':'127.0.0.1','port':{test.Server.Port}}},'namespace_selector':{{'equal':'n1'}},'watch_endpoint_slices':true}}");
        await using ServiceFollower allowed = new(narrow, KubernetesUnderTest.Service("n1/web:http"));
        await allowed.HasAddressesAsync("10.0.0.1:80");
    }

    [Theory]
    [InlineData("", true, false, true)] // a pod's own cluster: ca.crt beside the token
    [InlineData("", false, false, false)]
    [InlineData("'ssl_verify':true,", false, false, false)]
    [InlineData("'ssl_verify':true,'ca_file':'CA',", true, true, true)]
    [InlineData("'ca_file':'CA',", true, true, true)]
    [InlineData("'ca_file':'CA',", false, true, false)]
    [InlineData("'ssl_verify':false,", false, true, true)]
    [InlineData("", false, true, true)] // another cluster, and nothing said: as in APISIX
    public async Task Tls_IsVerified_WhereTheAuthorityIsKnown_OrAskedFor(string service, bool isOfAuthority, bool isElsewhere, bool isLetIn)
    {
        using var authority = new TestCertificates();
        using var foreign = new TestCertificates();
        using X509Certificate2 certificate = (isOfAuthority ? authority : foreign).Issue("127.0.0.1");
        await using KubernetesApiServer server = await KubernetesApiServer.StartAsync(certificate);
        server.Tokens["t"] = true;
        await File.WriteAllTextAsync(TokenFile, "t", Cancel);
        await File.WriteAllTextAsync(AuthorityFile, authority.AuthorityPem, Cancel);
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        test.Environment["KUBERNETES_SERVICE_HOST"] = "127.0.0.1";
        string host = isElsewhere ? "127.0.0.1" : "${KUBERNETES_SERVICE_HOST}";
        string settings = $"{{'service':{{{service.Replace("CA", AuthorityFile, StringComparison.Ordinal)}'host':'{host}','port':{server.Port}}},'client':{{'token_file':'{TokenFile}'}}}}";
        await using IRegistryClient client = test.Make(settings);
        if (isLetIn)
            await client.TestAsync(Cancel);
        else
            (await Should.ThrowAsync<RegistryException>(client.TestAsync(Cancel))).Message.ShouldContain("certificate");
    }

    [Fact]
    public async Task Tls_AuthorityThatChanges_IsReadAgain_ExpiredCertificateIsRefused()
    {
        using var authority = new TestCertificates();
        using var foreign = new TestCertificates();
        using X509Certificate2 certificate = authority.Issue("127.0.0.1");
        await using KubernetesApiServer server = await KubernetesApiServer.StartAsync(certificate);
        await using KubernetesUnderTest test = await KubernetesUnderTest.StartAsync();
        await File.WriteAllTextAsync(AuthorityFile, foreign.AuthorityPem, Cancel);
        string Settings(int port) => $"{{'service':{{'host':'127.0.0.1','port':{port},'ca_file':'{AuthorityFile}'}},'client':{{'token':'t'}}}}";
        await using IRegistryClient client = test.Make(Settings(server.Port));
        (await Should.ThrowAsync<RegistryException>(client.TestAsync(Cancel))).Message.ShouldContain("certificate");
        await File.WriteAllTextAsync(AuthorityFile, "no certificate", Cancel);
        (await Should.ThrowAsync<RegistryException>(client.TestAsync(Cancel))).Message.ShouldBe($"{AuthorityFile} holds no certificate of an authority");
        await File.WriteAllTextAsync(AuthorityFile, authority.AuthorityPem, Cancel);
        await client.TestAsync(Cancel);

        using X509Certificate2 expired = authority.IssueExpired("127.0.0.1");
        await using KubernetesApiServer late = await KubernetesApiServer.StartAsync(expired);
        await using IRegistryClient careful = test.Make(Settings(late.Port));
        (await Should.ThrowAsync<RegistryException>(careful.TestAsync(Cancel))).Message.ShouldContain("certificate");
    }
}
