using System.Net;
using System.Text;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.Hosting;

/// <summary>A control plane and a data plane as processes on a real etcd, which goes away and comes back.</summary>
public sealed class RolesOnEtcdTests : IDisposable
{
    private readonly TemporaryFolder _control = new();
    private readonly TemporaryFolder _data = new();
    private readonly HttpClient _client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _control.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task DataPlane_StartsWithoutEtcd_FromTheLastGoodConfiguration_AndFollowsItWhenItIsBack()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        await using HeadgateNode node = await HeadgateNode.StartAsync();
        await using HeadgateProcess control = Start(_control, "control_plane", etcd);
        Uri admin = await control.UrlAsync("Admin API");
        await control.UrlAsync("metrics");
        control.Output.ShouldNotContain("  HTTP  ");
        await PutAsync(admin, "/apisix/admin/routes/1", $"{{\"uri\":\"/a\",\"upstream\":{{\"nodes\":{node.Json}}}}}");
        await using (HeadgateProcess data = Start(_data, "data_plane", etcd))
        {
            Uri traffic = await data.UrlAsync("HTTP");
            await data.UrlAsync("metrics");
            data.Output.ShouldNotContain("  Admin API");
            (await StatusAsync(traffic, "/a")).ShouldBe(HttpStatusCode.OK);
            await PutAsync(admin, "/apisix/admin/routes/2", $"{{\"uri\":\"/b\",\"upstream\":{{\"nodes\":{node.Json}}}}}");
            await ServedAsync(traffic, "/b");
            data.Terminate();
            (await data.ExitAsync()).ShouldBe(0);
        }

        await etcd.KillAsync(0);
        await using HeadgateProcess again = Start(_data, "data_plane", etcd);
        Uri anew = await again.UrlAsync("HTTP");
        (await StatusAsync(anew, "/b")).ShouldBe(HttpStatusCode.OK);
        Uri status = await again.UrlAsync("status");
        (await _client.GetStringAsync(status, Token)).ShouldContain("\"from_snapshot\":true");

        etcd.Restart(0);
        await Eventually.HoldsAsync(async () => await TryPutAsync(admin, "/apisix/admin/routes/3", $"{{\"uri\":\"/c\",\"upstream\":{{\"nodes\":{node.Json}}}}}"), "the control plane writes again", 60);
        await ServedAsync(anew, "/c");
        (await StatusAsync(anew, "/a")).ShouldBe(HttpStatusCode.OK);
        (await _client.GetStringAsync(status, Token)).ShouldBe("{\"status\":\"ok\"}\n");
    }

    private static HeadgateProcess Start(TemporaryFolder folder, string role, EtcdProcess etcd) => new(
        folder.Path, ["run"], [.. HeadgateProcess.FreePorts, ("HEADGATE_DEPLOYMENT__ROLE", role), ("HEADGATE_DEPLOYMENT__ETCD__HOST", $"['{etcd.Endpoints[0].OriginalString}']")]);

    private async Task ServedAsync(Uri traffic, string path) => await Eventually.HoldsAsync(async () => await StatusAsync(traffic, path) == HttpStatusCode.OK, path + " is served", 60);

    private async Task<HttpStatusCode> StatusAsync(Uri traffic, string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(traffic, path), Token);
        return answer.StatusCode;
    }

    private async Task PutAsync(Uri admin, string path, string body) => (await TryPutAsync(admin, path, body)).ShouldBeTrue();

    private async Task<bool> TryPutAsync(Uri admin, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(admin, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-KEY", (await File.ReadAllTextAsync(Path.Combine(_control.Path, "data", "admin.key"), Token)).Trim());
        using HttpResponseMessage answer = await _client.SendAsync(request, Token);
        return answer.IsSuccessStatusCode;
    }
}
