using Headgate.Control.AdminApi;
using System.Net;
using Headgate.Proxy;
using Headgate.Proxy.Dns;
using Headgate.Proxy.Http1;
using Headgate.Settings;

namespace Headgate.Tests.Settings;

public sealed class SettingFormsTests
{
    [Theory]
    [InlineData("9081", "any:9081")]
    [InlineData("[9080, 9081]", "any:9080 any:9081")]
    [InlineData("[{port: 9082}]", "any:9082")]
    [InlineData("[9080, {ip: 127.0.0.2, port: 9082, enable_http2: true}, {ip: \"[::1]\", port: 0}]", "any:9080 127.0.0.2:9082+h2 ::1:0")]
    public void NodeListen_EveryForm_IsRead(string yaml, string expected)
    {
        GatewaySettings settings = Load.Good($"apisix: {{node_listen: {yaml}}}");

        string.Join(' ', settings.NodeListen.Items.Select(l => $"{l.Ip?.ToString() ?? "any"}:{l.Port}{(l.Http2 == true ? "+h2" : "")}")).ShouldBe(expected);
    }

    [Fact]
    public void AdminKey_EveryField_IsRead()
    {
        GatewaySettings settings = Load.Good("""
            deployment:
              admin:
                admin_key:
                  - name: a
                    key: secret-1
                    role: admin
                  - {name: b, key: "secret-2", role: viewer}
                  - {name: c, key: '', role: admin}
                  - {name: d, key: "secret-4", gateway_group_id: blue, workspace_id: team-a}
                  - {name: e, key: "secret-5", gateway_group_id: 12}
            """);

        settings.Admin.Keys.Items.Select(k => (k.Name, k.Key, k.Role)).ShouldBe(
            [("a", "secret-1", AdminRole.Admin), ("b", "secret-2", AdminRole.Viewer), ("c", null, AdminRole.Admin), ("d", "secret-4", AdminRole.Admin), ("e", "secret-5", AdminRole.Admin)]);
        settings.Admin.Keys.Items.Select(k => (k.Group, k.Workspace)).ShouldBe([(null, null), (null, null), (null, null), ("blue", "team-a"), ("12", null)]);
        settings.Admin.Keys.Items.Select(k => k.IsWhole).ShouldBe([true, false, true, false, false]);
    }

    [Fact]
    public void AdminKeys_InForce_AreBoundAsWritten_AndTheOneForAllIsThatOfTools()
    {
        GatewaySettings settings = Load.Good("""
            deployment:
              admin:
                admin_key: [{name: d, key: bound, gateway_group_id: blue, workspace_id: team-a}, {name: a, key: whole}, {name: b, key: group, gateway_group_id: blue}]
            """);

        Headgate.Hosting.AdminKeys keys = Headgate.Hosting.AdminKeys.Resolve(settings);

        keys.Keys.Select(k => (k.Name, k.Group, k.Workspace)).ShouldBe([("d", "blue", "team-a"), ("a", null, null), ("b", "blue", null)]);
        keys.First.ShouldBe("whole");
        keys.ForExplaining([]).KeyHashes.ShouldBe([System.Security.Cryptography.SHA256.HashData("whole"u8)]);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("127.0.0.1/24", "127.0.0.0/24")]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("'::/64'", "::/64")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    public void AllowAdmin_Range_IsRead(string yaml, string expected) =>
        Load.Good($"deployment: {{admin: {{allow_admin: [{yaml}]}}}}").Admin.AllowAdmin.ShouldBe([IPNetwork.Parse(expected)]);

    [Fact]
    public void AllowAdmin_EmptyList_LetsAllIn() => Load.Good("deployment: {admin: {allow_admin: []}}").Admin.AllowAdmin.ShouldBeEmpty();

    [Fact]
    public void DnsResolver_WithAndWithoutPort_IsRead() =>
        Load.Good("apisix: {dns_resolver: [1.1.1.1, '127.0.0.1:5353', '::1', '[::1]:5353']}").Resolving.Dns.Servers.Items.Select(e => e.ToString())
            .ShouldBe(["1.1.1.1:53", "127.0.0.1:5353", "[::1]:53", "[::1]:5353"]);

    [Fact]
    public void DiscoveryDns_AsApisixWritesIt_IsRead() =>
        Load.Good("discovery:\n  dns:\n    servers:\n      - 127.0.0.1:8600\n      - 1.1.1.1\n    order: [last, SRV, A]\n").Registries.Single().Config.ToString()
            .ShouldBe("DnsConfig { 127.0.0.1:8600, 1.1.1.1:53, Last Srv A }");

    [Fact]
    public void ResolverTimeoutAndSearch_AreRead()
    {
        DnsResolverOptions dns = Load.Good("apisix: {resolver_timeout: 3, enable_resolv_search_opt: false}").Resolving.Dns;

        (dns.Timeout, dns.UsesSearch, dns.ValidFor).ShouldBe((TimeSpan.FromSeconds(3), false, null));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("'5'", 5)]
    [InlineData("2m", 120)]
    public void DnsResolverValid_SecondsOrATime_IsHowLongAnAnswerCounts(string yaml, int expectedSeconds) =>
        Load.Good($"apisix: {{dns_resolver_valid: {yaml}}}").Resolving.Dns.ValidFor.ShouldBe(TimeSpan.FromSeconds(expectedSeconds));

    [Theory]
    [InlineData("10", 10_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("500ms", 500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0", 0)]
    public void ShutdownTimeout_EveryUnit_IsRead(string yaml, int expectedMs) =>
        Load.Good($"headgate: {{shutdown_timeout: {yaml}}}").ShutdownTimeout.ShouldBe(TimeSpan.FromMilliseconds(expectedMs));

    [Fact]
    public void EverySection_Given_IsRead()
    {
        GatewaySettings settings = Load.Good("""
            apisix:
              enable_ipv6: false
              enable_http2: False
              enable_admin: false
              enable_control: false
              control: {ip: 127.0.0.3, port: 9999}
              status: {ip: 0.0.0.0, port: 7000}
              disable_upstream_healthcheck: TRUE
              ssl: {enable: false, listen: [{port: 9444, ip: 127.0.0.9}]}
            deployment:
              role: traditional
              role_traditional: {config_provider: embedded}
              admin: {admin_listen: {ip: 127.0.0.1, port: 9999}, admin_key_required: false}
            plugin_attr:
              prometheus: {enable_export_server: false, export_addr: {ip: 127.0.0.5, port: 1}, export_uri: /m}
            headgate: {data: /tmp/x, limits: {start_line_bytes_max: 4096, head_bytes_max: 16384, head_fields_max: 50, body_bytes_max: 9000000000, idle_timeout: 1m, head_timeout: 2s, body_timeout: 3s, send_timeout: 4s, linger_timeout: 0, connections_max: 7, dropped_bytes_max: 0}}
            """);

        settings.ShouldBe(new GatewaySettings
        {
            EnableIpv6 = false,
            EnableHttp2 = false,
            EnableControl = false,
            Control = new ListenSettings(IPAddress.Parse("127.0.0.3"), 9999),
            Status = new ListenSettings(IPAddress.Any, 7000),
            DisableUpstreamHealthcheck = true,
            Ssl = new SslSettings { Enable = false, Listen = [new ListenSettings(IPAddress.Parse("127.0.0.9"), 9444)] },
            Admin = new AdminSettings { Enable = false, Listen = new ListenSettings(IPAddress.Loopback, 9999), KeyRequired = false },
            Metrics = new MetricsSettings { Enable = false, Listen = new ListenSettings(IPAddress.Parse("127.0.0.5"), 1), Uri = "/m" },
            Data = "/tmp/x",
            Limits = new ProxyLimits
            {
                Heads = new HeadLimits(4096, 16384, 50),
                BodyBytesMax = 9_000_000_000,
                IdleTimeout = TimeSpan.FromMinutes(1),
                HeadTimeout = TimeSpan.FromSeconds(2),
                BodyTimeout = TimeSpan.FromSeconds(3),
                SendTimeout = TimeSpan.FromSeconds(4),
                LingerTimeout = TimeSpan.Zero,
                ConnectionsMax = 7,
                DroppedBytesMax = 0,
            },
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("apisix:\nheadgate: ~\n")]
    [InlineData("apisix: {node_listen: null, control: }")]
    public void EmptyValues_CountAsAbsent(string yaml) => Load.Good(yaml).ShouldBe(new GatewaySettings());

    [Fact]
    public void Alias_StandsForItsAnchor() =>
        Load.Good("apisix:\n  node_listen: &p 9081\n  status: {port: 7000}\nheadgate: {data: *p}").Data.ShouldBe("9081");
}
