using System.Net;
using Headgate.Proxy;
using Headgate.Proxy.Dns;
using Headgate.Proxy.Http1;
using Headgate.Settings;

namespace Headgate.Tests.Settings;

public sealed class GatewaySettingsTests
{
    [Fact]
    public void Load_NoFile_GivesDefaults()
    {
        LoadedSettings loaded = SettingsReader.Load(null, new Dictionary<string, string>());

        loaded.IsValid.ShouldBeTrue();
        loaded.Warnings.ShouldBeEmpty();
        loaded.Settings.ShouldBe(new GatewaySettings());
    }

    [Fact]
    public void Defaults_AreThoseOfApisix()
    {
        var settings = new GatewaySettings();

        settings.NodeListen.ShouldBe([new ListenSettings(null, 9080)]);
        settings.EnableIpv6.ShouldBeTrue();
        settings.EnableHttp2.ShouldBeTrue();
        settings.Ssl.ShouldBe(new SslSettings { Enable = true, Listen = [new ListenSettings(null, 9443)], CertFile = null, KeyFile = null, FallbackSni = null });
        settings.RedirectHttpsPort.ShouldBe(0);
        settings.EnableControl.ShouldBeTrue();
        settings.Control.ShouldBe(new ListenSettings(IPAddress.Parse("127.0.0.1"), 9090));
        settings.Status.ShouldBe(new ListenSettings(IPAddress.Parse("127.0.0.1"), 7085));
        settings.DisableUpstreamHealthcheck.ShouldBeFalse();
        settings.Resolving.Dns.ShouldBe(new DnsResolverOptions());
        (settings.Resolving.Dns.Servers.Count, settings.Resolving.Dns.ValidFor, settings.Resolving.Dns.Timeout, settings.Resolving.Dns.UsesSearch).ShouldBe((0, null, TimeSpan.FromSeconds(5), true));
        settings.Resolving.Refresh.ShouldBe(TimeSpan.FromSeconds(30));
        settings.Role.ShouldBe(DeploymentRole.Traditional);
        settings.Admin.Enable.ShouldBeTrue();
        settings.Admin.Listen.ShouldBe(new ListenSettings(IPAddress.Parse("0.0.0.0"), 9180));
        settings.Admin.KeyRequired.ShouldBeTrue();
        settings.Admin.Tls.ShouldBe(new AdminTlsSettings { Enable = false, CertFile = null, KeyFile = null, ClientCaFile = null });
        settings.Admin.AllowAdmin.ShouldBe([IPNetwork.Parse("127.0.0.0/24")]);
        settings.Metrics.ShouldBe(new MetricsSettings { Enable = true, Listen = new ListenSettings(IPAddress.Parse("127.0.0.1"), 9091), Uri = "/apisix/prometheus/metrics" });
    }

    [Fact]
    public void Defaults_OfHeadgatesOwn()
    {
        var settings = new GatewaySettings();

        settings.ConfigProvider.ShouldBe(ConfigProvider.Embedded);
        settings.Admin.Keys.Items.Single().Name.ShouldBe("admin");
        settings.Admin.Keys.Items.Single().Key.ShouldBeNull();
        settings.Data.ShouldBe("./data");
        settings.Zone.ShouldBeNull();
        settings.StickyKey.ShouldBeNull();
        settings.HistoryDays.ShouldBe(180);
        settings.ShutdownTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        settings.Limits.ShouldBe(new ProxyLimits
        {
            Heads = new HeadLimits(StartLineBytesMax: 8192, HeadBytesMax: 32768, FieldsMax: 100),
            BodyBytesMax = 0,
            IdleTimeout = TimeSpan.FromSeconds(75),
            HeadTimeout = TimeSpan.FromSeconds(60),
            BodyTimeout = TimeSpan.FromSeconds(60),
            SendTimeout = TimeSpan.FromSeconds(60),
            LingerTimeout = TimeSpan.FromSeconds(2),
            ConnectionsMax = 10_000,
            DroppedBytesMax = 262_144,
        });
    }

    [Fact]
    public void StickyKey_InTheSettingsText_IsLeftOut()
    {
        GatewaySettings settings = SettingsReader.Read("headgate: {zone: east, sticky_key: sixteen-letters-}", "c", new Dictionary<string, string>()).Settings;

        (settings.Zone, settings.StickyKey!.Value).ShouldBe(("east", "sixteen-letters-"));
        settings.ToString().ShouldNotContain("sixteen");
    }

    [Fact]
    public void AdminKeySettings_ToString_LeavesTheKeyOut() =>
        new AdminKeySettings("a", "secret-key", Headgate.Control.AdminApi.AdminRole.Admin).ToString().ShouldNotContain("secret-key");
}
