using System.Net;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Hosting;
using Headgate.Settings;
using Headgate.Store;
using Headgate.Store.Prefixes;
using Headgate.Store.Protection;
using Headgate.Testing;
using Headgate.Tests.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Tests.Hosting;

/// <summary>A control plane and a data plane on one store, as the executable puts them together.</summary>
public sealed class RoleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InMemoryStore _store = new();
    private readonly KeyRing _ring = new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);
    private readonly HttpClient _client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ControlPlane_Writes_AndTheDataPlaneServesIt()
    {
        await using var node = await HeadgateNode.StartAsync();
        await using GatewayHost control = await StartAsync(DeploymentRole.ControlPlane, "control");
        await using GatewayHost data = await StartAsync(DeploymentRole.DataPlane, "data");

        control.Listeners.Select(listener => listener.Plan.Purpose).Order().ShouldBe([ListenerPurpose.Admin, ListenerPurpose.Control, ListenerPurpose.Status, ListenerPurpose.Metrics]);
        data.Listeners.Select(listener => listener.Plan.Purpose).ShouldNotContain(ListenerPurpose.Admin);
        (await AdminAsync(control, HttpMethod.Put, "/apisix/admin/upstreams/1", $"{{\"nodes\":{node.Json}}}")).Status.ShouldBe(HttpStatusCode.Created);
        (await AdminAsync(control, HttpMethod.Put, "/apisix/admin/routes/1", """{"uri":"/*","upstream_id":"1"}""")).Status.ShouldBe(HttpStatusCode.Created);

        await Eventually.HoldsAsync(async () => (await _client.GetAsync(new Uri(data.Url(ListenerPurpose.Http)), Token)).StatusCode == HttpStatusCode.OK, "the data plane serves it");
        (await _client.GetStringAsync(new Uri(data.Url(ListenerPurpose.Control) + "/v1/upstreams/1"), Token)).ShouldContain("/apisix/upstreams/1");
        (await _client.GetStringAsync(new Uri(control.Url(ListenerPurpose.Control) + "/v1/upstreams/1"), Token)).ShouldContain("/apisix/upstreams/1");
        (await _client.GetAsync(new Uri(control.Url(ListenerPurpose.Status) + "/status/ready"), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.GetStringAsync(new Uri(control.Url(ListenerPurpose.Metrics) + "/apisix/prometheus/metrics"), Token)).ShouldContain("headgate_build_info");
        System.IO.File.Exists(Path.Combine(_folder.Path, "data", "admin.key")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET", "/api/upstreams/1/nodes")]
    [InlineData("GET", "/api/upstreams/1/nodes/a:80/timeline")]
    [InlineData("POST", "/api/explain")]
    [InlineData("GET", "/api/explain/recent")]
    [InlineData("GET", "/api/gateway_groups/default/discovery/services")]
    public async Task ControlPlane_WithoutInstances_SaysThatNobodyCanBeAsked(string method, string path)
    {
        await using GatewayHost control = await StartAsync(DeploymentRole.ControlPlane, "control");

        (HttpStatusCode status, string body) = await AdminAsync(control, new HttpMethod(method), path);
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.ShouldContain("no instance of gateway group default is connected to this control plane");
        using var anonymous = new HttpRequestMessage(new HttpMethod(method), control.Url(ListenerPurpose.Admin) + path);
        (await _client.SendAsync(anonymous, Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/api/overrides")]
    [InlineData("/api/gateway_groups/default/service_registries")]
    [InlineData("/api/instances")]
    public async Task ControlPlane_WithoutInstances_ShowsWhatIsStored(string path)
    {
        await using GatewayHost control = await StartAsync(DeploymentRole.ControlPlane, "control");

        (HttpStatusCode status, string body) = await AdminAsync(control, HttpMethod.Get, path);
        (status, body.TrimEnd()).ShouldBe((HttpStatusCode.OK, """{"list":[],"total":0}"""));
    }

    [Fact]
    public async Task DataPlane_StoreGoneAtTheStart_ServesTheLastGoodConfiguration_ThenTheStores()
    {
        await using var node = await HeadgateNode.StartAsync();
        await using GatewayHost control = await StartAsync(DeploymentRole.ControlPlane, "control");
        await AdminAsync(control, HttpMethod.Put, "/apisix/admin/routes/1", $"{{\"uri\":\"/a\",\"upstream\":{{\"nodes\":{node.Json}}}}}");
        await AdminAsync(control, HttpMethod.Put, "/apisix/admin/secrets/vault/1", """{"uri":"http://a","prefix":"kv","token":"very secret"}""");
        await using (GatewayHost data = await StartAsync(DeploymentRole.DataPlane, "data"))
        {
            (await _client.GetAsync(new Uri(data.Url(ListenerPurpose.Http) + "/a"), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await data.StopAsync();
        }

        string kept = await System.IO.File.ReadAllTextAsync(Path.Combine(_folder.Path, "data", "configuration.json"), Token);
        kept.ShouldContain("/apisix/secrets/vault/1");
        kept.ShouldNotContain("very secret");
        await AdminAsync(control, HttpMethod.Put, "/apisix/admin/routes/1", $"{{\"uri\":\"/b\",\"upstream\":{{\"nodes\":{node.Json}}}}}");
        _store.SetUnavailable("connection refused");
        await using GatewayHost again = await StartAsync(DeploymentRole.DataPlane, "data");
        string traffic = again.Url(ListenerPurpose.Http);
        (await _client.GetAsync(new Uri(traffic + "/a"), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.GetStringAsync(new Uri(again.Url(ListenerPurpose.Status) + "/status"), Token)).ShouldContain("from_snapshot");
        (await _client.GetStringAsync(new Uri(again.Url(ListenerPurpose.Control) + "/v1/routes/1"), Token)).ShouldContain("\"/a\"");

        _store.SetUnavailable(null);

        await Eventually.HoldsAsync(async () => (await _client.GetAsync(new Uri(traffic + "/b"), Token)).StatusCode == HttpStatusCode.OK, "the store's configuration is served");
        (await _client.GetStringAsync(new Uri(again.Url(ListenerPurpose.Status) + "/status"), Token)).ShouldBe("{\"status\":\"ok\"}\n");
    }

    private async Task<GatewayHost> StartAsync(DeploymentRole role, string name)
    {
        var any = new ListenSettings(IPAddress.Loopback, 0);
        var settings = new GatewaySettings
        {
            Role = role,
            Data = Path.Combine(_folder.Path, name),
            NodeListen = new EquatableArray<ListenSettings>([any]),
            Ssl = new SslSettings { Enable = false },
            Control = any,
            Status = any,
            Admin = new AdminSettings { Listen = any },
            Metrics = new MetricsSettings { Listen = any },
        };
        Directory.CreateDirectory(settings.Data);
        var written = new ProtectedStore(_store, _ring, NullLogger.Instance);
        OpenConfiguration configuration = role == DeploymentRole.ControlPlane ? new OpenConfiguration(written, Of)
            : new ConfigurationOpening(settings, NullLoggerFactory.Instance).Followed(_store, _ring, "store", Of, _store);
        return await GatewayHost.StartAsync(settings, configuration, NullLoggerFactory.Instance, Token);

        IConfigStore Of(string prefix) => prefix == ResourceKinds.DefaultPrefix ? written : new ProtectedStore(new PrefixedStore(_store, prefix), _ring, NullLogger.Instance);
    }

    private async Task<(HttpStatusCode Status, string Body)> AdminAsync(GatewayHost host, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(host.Url(ListenerPurpose.Admin) + path));
        request.Headers.Add("X-API-KEY", host.AdminKey);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _client.SendAsync(request, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
