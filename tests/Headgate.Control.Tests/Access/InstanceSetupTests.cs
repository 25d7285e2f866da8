using Headgate.Control.Access;
using Headgate.Control.AdminApi;

namespace Headgate.Control.Tests.Access;

/// <summary>What is known of the etcd that gateways share stands in a new one's configuration.</summary>
public sealed class InstanceSetupTests
{
    [Fact]
    public void Config_WithAKnownEtcd_NamesWhatItNeeds()
    {
        var etcd = new SharedEtcd([new Uri("https://etcd-1:2379"), new Uri("https://etcd-2:2379")], "/teams") { HasUser = true, HasCertificate = true, HasAuthority = true, Keys = 2 };
        string config = InstanceSetup.Config("default", "https://cp-1:9180", etcd);
        config.ShouldBe("""
            deployment:
              role: data_plane
              role_data_plane:
                config_provider: etcd
              etcd:
                host: ["https://etcd-1:2379", "https://etcd-2:2379"]
                prefix: "/teams"
                user: "${{ETCD_USER}}"
                password: "${{ETCD_PASSWORD}}"
                tls:
                  cert: ETCD_CERTIFICATE_FILE
                  key: ETCD_KEY_FILE
            apisix:
              ssl:
                ssl_trusted_certificate: ETCD_AUTHORITY_FILE
              data_encryption:
                keyring: ["${{KEYRING}}", "${{KEYRING_2}}"]
            headgate:
              control_plane:
                addresses: ["https://cp-1:9180"]
                token: "${{HEADGATE_INSTANCE_TOKEN}}"
                # ca: FILE     where this system does not trust who signed the control plane's certificate
                # cert: FILE   and key: FILE, where the control plane asks for a certificate

            """);
        InstanceSetup.Shell(config, "hgi_1_2", etcd).ShouldStartWith("export HEADGATE_INSTANCE_TOKEN=hgi_1_2\nexport ETCD_USER=...\nexport ETCD_PASSWORD=...\nexport KEYRING=...\nexport KEYRING_2=...\ncat >config.yaml");
    }

    [Fact]
    public void Config_OfAnotherGroup_HasItsPrefix() => InstanceSetup.Config("blue", "http://a", new SharedEtcd([new Uri("http://e:1")], "/teams")).ShouldContain("prefix: \"/gateway_groups/blue\"");

    [Fact]
    public void Config_WithAHostThatIsNone_IsStillOneText() => InstanceSetup.Config("default", "http://a\"\nrole: x", null).ShouldContain("addresses: [\"http://a\\u0022\\nrole: x\"]");
}
