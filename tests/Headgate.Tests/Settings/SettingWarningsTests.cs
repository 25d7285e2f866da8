using Headgate.Settings;

namespace Headgate.Tests.Settings;

public sealed class SettingWarningsTests
{
    [Theory]
    [InlineData("nginx_config: {x: {y: 1}}", "config.yaml:1: nginx_config.x: accepted, without effect here")]
    [InlineData("deployment: {etcd: {host: [http://a]}}", "config.yaml:1: deployment.etcd.host: has no effect unless config_provider is etcd")]
    [InlineData("apisix: {data_encryption: {keyring: [0123456789abcdef]}}", "config.yaml:1: apisix.data_encryption.keyring: has no effect unless config_provider is etcd")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}, etcd: {resync_delay: 5}}", "config.yaml:1: deployment.etcd.resync_delay: accepted, without effect here")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}, etcd: {host: [http://127.0.0.1:1, http://etcd:2379], user: a, password: b}}", "config.yaml:1: deployment.etcd.host: http sends the password and the configuration unencrypted over the network; use https")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}, etcd: {host: [https://etcd:2379], tls: {verify: false}}}", "config.yaml:1: deployment.etcd.tls.verify: false trusts whoever answers in etcd's place; give the authority in apisix.ssl.ssl_trusted_certificate instead")]
    [InlineData("apisix: {stream_proxy: {tcp: [9100]}}", "config.yaml:1: apisix.stream_proxy: accepted, without effect here")]
    [InlineData("apisix: {router: {http: radixtree_uri}}", "config.yaml:1: apisix.router.http: accepted, without effect here")]
    [InlineData("apisix: {ssl: {listen: [{port: 9443, enable_http3: true}], enable: false}}", "config.yaml:1: apisix.ssl.listen[0].enable_http3: accepted, without effect here")]
    [InlineData(
        "deployment: {admin: {admin_api_mtls: {admin_ssl_cert: '', admin_ssl_cert_key: a.pem}}}",
        "config.yaml:1: deployment.admin.admin_api_mtls.admin_ssl_cert_key: has no effect unless deployment.admin.https_admin is true")]
    [InlineData(
        "deployment: {admin: {https_admin: false, admin_api_mtls: {admin_ssl_ca_cert: a.pem}}}",
        "config.yaml:1: deployment.admin.admin_api_mtls.admin_ssl_ca_cert: has no effect unless deployment.admin.https_admin is true")]
    [InlineData("{deployment: {role: data_plane, admin: {https_admin: true}}, apisix: {enable_admin: false}}", "config.yaml:1: deployment.admin.https_admin: has no effect with deployment.role: data_plane, which has no Admin API")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: edd1c9f034335f136f87ad84b625c8f1}]}}", "config.yaml:1: deployment.admin.admin_key[0].key: is the key from APISIX's documentation, which everyone knows; use one of your own, or '' to have one generated")]
    [InlineData("deployment: {admin: {admin_key_required: false, allow_admin: [10.0.0.0/8]}}", "deployment.admin.admin_key_required: false lets everyone that deployment.admin.allow_admin lets in change the gateway, without a key")]
    public void Read_AcceptedButNotable_WarnsOnce(string yaml, string expected) => Load.Warnings(yaml).ShouldBe([expected]);

    [Theory]
    [InlineData("apisix: {router: {http: radixtree_host_uri}, proxy_mode: http, enable_dev_mode: false}")]
    [InlineData("deployment: {admin: {admin_key_required: false}}")]
    [InlineData("deployment: {admin: {https_admin: false, admin_api_mtls: {admin_ssl_cert: '', admin_ssl_cert_key: '', admin_ssl_ca_cert: ''}}}")]
    [InlineData("nginx_config:")]
    public void Read_ValueMeansWhatHeadgateDoes_DoesNotWarn(string yaml) => Load.Warnings(yaml).ShouldBeEmpty();

    [Theory]
    [InlineData("nginx_config: {http: {enable_access_log: true, send_timeout: 10s}}", "config.yaml:1: nginx_config.http.send_timeout: accepted, without effect here")]
    [InlineData("nginx_config: {http: {enable_access_log: true, access_log_format: $status $nope}}", "config.yaml:1: nginx_config.http.access_log_format: $nope is not known here and stays empty")]
    public void AccessLog_BesideKeysWithoutEffect_Acts(string yaml, string expected)
    {
        Load.Errors(yaml).ShouldBeEmpty();
        string.Join('|', Load.Warnings(yaml)).ShouldBe(expected);
        Load.Good(yaml).AccessLog.Enable.ShouldBeTrue();
    }

    [Fact]
    public void KeysWithoutEffect_NoneIsInTheTableAsWell()
    {
        string[] acting = [.. SettingTable.Keys.Select(k => k.Path)];

        foreach (KeyWithoutEffect inert in KeysWithoutEffect.All)
            acting.ShouldAllBe(path => path != inert.Path && !inert.Path.StartsWith(path + ".")); // some of what lies below one may act
        acting.Distinct().Count().ShouldBe(acting.Length);
    }
}
