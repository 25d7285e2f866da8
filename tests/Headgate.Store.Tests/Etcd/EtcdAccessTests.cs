using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Store.Etcd;
using Headgate.Testing;
using static Headgate.Store.Tests.Etcd.EtcdStores;

namespace Headgate.Store.Tests.Etcd;

/// <summary>User and password, and TLS.</summary>
public sealed class EtcdAccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task User_TokenRunsOut_IsRenewedForCommitsAndWatches()
    {
        // A token lives for two seconds here; five minutes is what etcd gives otherwise.
        await using EtcdProcess etcd = await EtcdProcess.StartAsync(more: ["--auth-token-ttl", "2"]);
        await SwitchAuthOnAsync(etcd);
        await using EtcdStore store = await OpenAsync(
            etcd.Endpoints, options => options with { User = "gate", Password = "secret", WatchRenewal = TimeSpan.FromMilliseconds(500), RecordedPrefixes = ["/apisix/"] });
        long first = (await store.CommitAsync([], Put("/apisix/a", "1"))).Revision;
        await using IAsyncEnumerator<StoreRevision> watch = store.WatchAsync("/apisix/", first, Token).GetAsyncEnumerator(Token);
        for (int i = 1; i <= 2; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2.5), Token);
            (await store.CommitAsync([], Put("/apisix/a", $"{i}"))).Applied.ShouldBeTrue();
            (await watch.MoveNextAsync()).ShouldBeTrue();
            watch.Current.Revision.ShouldBe(first + i);
        }
    }

    [Fact]
    public async Task User_WrongOrMissingOrNotAllowed_IsRefusedWithWhatToDo()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        (await RefusedAsync(etcd, "gate", "secret")).ShouldContain("has authentication off; leave deployment.etcd.user out or switch it on");
        await SwitchAuthOnAsync(etcd);

        (await RefusedAsync(etcd, null, null)).ShouldContain("asks for a user: set deployment.etcd.user and password");
        string wrong = await RefusedAsync(etcd, "gate", "other-word");
        wrong.ShouldContain("does not take deployment.etcd.user with this password");
        wrong.ShouldNotContain("other-word");
        await using EtcdStore store = await OpenAsync(etcd.Endpoints, options => options with { User = "gate", Password = "secret" });
        (await Should.ThrowAsync<StoreUnavailableException>(async () => await store.GetAsync("/elsewhere/", Token))).Message.ShouldContain("the user needs to read and write all keys below the prefix and below /headgate/");
        (await Should.ThrowAsync<StoreUnavailableException>(async () => await store.WatchAsync("/elsewhere/", 1, Token).GetAsyncEnumerator(Token).MoveNextAsync())).Message.ShouldContain("permission denied");
    }

    [Fact]
    public async Task Tls_AuthorityAndClientCertificate_AreAskedFor()
    {
        using var certificates = new TestCertificates();
        string folder = Directory.CreateTempSubdirectory("headgate-etcd-tls-").FullName;
        try
        {
            (string certificate, string key) = certificates.IssuePem("127.0.0.1");
            await File.WriteAllTextAsync(Path.Combine(folder, "server.pem"), certificate, Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), key, Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), certificates.AuthorityPem, Token);
            await using EtcdProcess etcd = await EtcdProcess.StartAsync(
                1, "https", "--cert-file", Path.Combine(folder, "server.pem"), "--key-file", Path.Combine(folder, "server.key"),
                "--trusted-ca-file", Path.Combine(folder, "ca.pem"), "--client-cert-auth");
            using X509Certificate2 client = certificates.Issue("gateway");
            var tls = new EtcdTls { Authorities = [certificates.Authority], Certificate = client };

            await using (EtcdStore store = await OpenAsync(etcd.Endpoints, options => options with { Tls = tls }))
            {
                long first = (await store.CommitAsync([], Put("/a", "1"))).Revision;
                await foreach (StoreRevision revision in store.WatchAsync("/", first - 1, Token))
                {
                    revision.Revision.ShouldBe(first);
                    break;
                }
            }

            await (await OpenAsync(etcd.Endpoints, options => options with { Tls = new EtcdTls { Verifies = false, Certificate = client } })).DisposeAsync();
            await UnusableAsync(etcd, tls with { Authorities = null });
            (await UnusableAsync(etcd, tls with { ServerName = "etcd.example" })).ShouldContain("RemoteCertificateNameMismatch");
            await UnusableAsync(etcd, tls with { Certificate = null });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> UnusableAsync(EtcdProcess etcd, EtcdTls tls) =>
        (await Should.ThrowAsync<StoreUnavailableException>(() => OpenAsync(etcd.Endpoints, options => options with { Tls = tls, Timeout = TimeSpan.FromSeconds(2) }))).Message;

    private static async Task<string> RefusedAsync(EtcdProcess etcd, string? user, string? password) =>
        (await Should.ThrowAsync<StoreUnavailableException>(() => OpenAsync(etcd.Endpoints, options => options with { User = user, Password = password }))).Message;

    /// <summary>A user <c>gate</c> for what Headgate needs, and no more.</summary>
    private static async Task SwitchAuthOnAsync(EtcdProcess etcd)
    {
        static string B(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        (string Path, string Question)[] steps =
        [
            ("user/add", """{"name":"root","password":"root"}"""), ("role/add", """{"name":"root"}"""), ("user/grant", """{"user":"root","role":"root"}"""),
            ("user/add", """{"name":"gate","password":"secret"}"""), ("role/add", """{"name":"gate"}"""), ("user/grant", """{"user":"gate","role":"gate"}"""),
            ("role/grant", $$$"""{"name":"gate","perm":{"permType":"READWRITE","key":"{{{B("/apisix/")}}}","range_end":"{{{B("/apisix0")}}}"}}"""),
            ("role/grant", $$$"""{"name":"gate","perm":{"permType":"READWRITE","key":"{{{B("/headgate/")}}}","range_end":"{{{B("/headgate0")}}}"}}"""),
            ("enable", "{}"),
        ];
        foreach ((string path, string question) in steps)
            (await etcd.AskAsync($"/v3/auth/{path}", question)).ShouldNotContain("error");
    }
}
