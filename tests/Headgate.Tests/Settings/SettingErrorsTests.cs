namespace Headgate.Tests.Settings;

public sealed class SettingErrorsTests
{
    [Theory]
    [InlineData("apisix: {node_listen: 70000}", "config.yaml:1: apisix.node_listen: 70000 is not allowed; use a port from 0 to 65535 (0 = any free one)")]
    [InlineData("apisix: {node_listen: '9080'}", "config.yaml:1: apisix.node_listen: \"9080\" is not allowed; use a port from 0 to 65535 (0 = any free one)")]
    [InlineData("apisix: {node_listen: []}", "config.yaml:1: apisix.node_listen: an empty list is not allowed; use a port from 0 to 65535 (0 = any free one), or a list of ports or of mappings with port, ip, enable_http2")]
    [InlineData("apisix: {node_listen: {port: 1}}", "config.yaml:1: apisix.node_listen: a mapping is not allowed; use a port from 0 to 65535 (0 = any free one), or a list of ports or of mappings with port, ip, enable_http2")]
    [InlineData("apisix: {node_listen: [{ip: localhost, port: 1}]}", "config.yaml:1: apisix.node_listen[0].ip: localhost is not allowed; use an IPv4 or IPv6 address")]
    [InlineData("apisix: {node_listen: [{ip: 127.0.0.1}]}", "config.yaml:1: apisix.node_listen[0].port: missing; use a port from 0 to 65535 (0 = any free one)")]
    [InlineData("apisix: {node_listen: [{prot: 1, port: 2}]}", "config.yaml:1: apisix.node_listen[0].prot: unknown key (given: 1); did you mean apisix.node_listen[0].port? known here: enable_http2, ip, port")]
    [InlineData("apisix: {node_listen: [~]}", "config.yaml:1: apisix.node_listen[0]: nothing is not allowed; use a port from 0 to 65535 (0 = any free one)")]
    [InlineData("apisix: {ssl: {listen: [9443]}}", "config.yaml:1: apisix.ssl.listen[0]: 9443 is not allowed; use a mapping with port, ip, enable_http2")]
    [InlineData("apisix: {enable_admin: yes}", "config.yaml:1: apisix.enable_admin: yes is not allowed; use true or false")]
    [InlineData("apisix: {enable_admin: 'true'}", "config.yaml:1: apisix.enable_admin: \"true\" is not allowed; use true or false")]
    [InlineData("apisix: {control: 9090}", "config.yaml:1: apisix.control: 9090 is not allowed; use a mapping with ip, port")]
    [InlineData("apisix: {control: {ip: [1]}}", "config.yaml:1: apisix.control.ip: a list is not allowed; use an IPv4 or IPv6 address")]
    [InlineData("apisix: {control: {ip: 127.1}}", "config.yaml:1: apisix.control.ip: 127.1 is not allowed; use an IPv4 or IPv6 address")]
    [InlineData("apisix: {dns_resolver: []}", "config.yaml:1: apisix.dns_resolver: an empty list is not allowed; use a list of addresses such as 1.1.1.1 or 127.0.0.1:5353")]
    [InlineData("apisix: {dns_resolver_valid: 0}", "config.yaml:1: apisix.dns_resolver_valid: 0 is not allowed; use a time from 1s to 24h, such as 500ms, 30s, 2m")]
    [InlineData("apisix: {dns_resolver: 1.1.1.1}", "config.yaml:1: apisix.dns_resolver: 1.1.1.1 is not allowed; use a list of addresses such as 1.1.1.1 or 127.0.0.1:5353")]
    [InlineData("apisix: {dns_resolver: ['a:53']}", "config.yaml:1: apisix.dns_resolver[0]: \"a:53\" is not allowed; use an address such as 1.1.1.1 or 127.0.0.1:5353")]
    [InlineData("discovery: {dns: {}}", "config.yaml:1: discovery.dns: invalid configuration: value should match only one schema, but matches none (give either servers or resolv_conf)")]
    [InlineData("deployment: {role: dataplane}", "config.yaml:1: deployment.role: dataplane is not allowed; use traditional or control_plane or data_plane")]
    [InlineData("deployment: {role_traditional: {config_provider: sql}}", "config.yaml:1: deployment.role_traditional.config_provider: sql is not allowed; use embedded or etcd or yaml")]
    [InlineData("deployment: {role_traditional: {config_provider: json}}", "config.yaml:1: deployment.role_traditional.config_provider: json is not allowed; use embedded or etcd or yaml")]
    [InlineData(
        "deployment: {role: data_plane, role_data_plane: {config_provider: embedded}}",
        "config.yaml:1: deployment.role_data_plane.config_provider: embedded is the store of one process, which no other can share; use etcd or yaml or json")]
    [InlineData(
        "deployment: {role: control_plane, role_control_plane: {config_provider: embedded}}",
        "config.yaml:1: deployment.role_control_plane.config_provider: embedded is the store of one process, which no other can share; use etcd")]
    [InlineData(
        "deployment: {role: control_plane, role_control_plane: {config_provider: yaml}}",
        "config.yaml:1: deployment.role_control_plane.config_provider: yaml is not allowed; use etcd")]
    [InlineData("deployment: {role_data_plane: {config_provider: xds}}", "config.yaml:1: deployment.role_data_plane.config_provider: xds is not available in Headgate; use etcd or yaml or json")]
    [InlineData(
        "headgate: {standalone: {file: a.yaml}}",
        "config.yaml:1: headgate.standalone.file: has no effect: the configuration does not come from a file; set config_provider to yaml or json, or leave the key out")]
    [InlineData(
        "{deployment: {role_traditional: {config_provider: yaml}}, headgate: {standalone: {file: a.yaml}}}",
        "config.yaml:1: headgate.standalone.file: has no effect: with the Admin API on, the configuration comes through PUT /apisix/admin/configs and not from a file; set apisix.enable_admin to false, or leave the key out")]
    [InlineData(
        "{deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}, headgate: {explain: {header: true}}}",
        "config.yaml:1: headgate.explain.header: true has no effect without a key of role admin; the Admin API has to be on, to ask for keys (deployment.admin.admin_key_required) and to have one of role admin without gateway_group_id")]
    [InlineData("deployment: {etcd: {host: [etcd:2379]}}", "config.yaml:1: deployment.etcd.host[0]: etcd:2379 is not allowed; use an address such as http://127.0.0.1:2379")]
    [InlineData("deployment: {etcd: {host: [http://a/b]}}", "config.yaml:1: deployment.etcd.host[0]: http://a/b is not allowed; use an address such as http://127.0.0.1:2379")]
    [InlineData("deployment: {etcd: {host: []}}", "config.yaml:1: deployment.etcd.host: an empty list is not allowed; use an address such as http://127.0.0.1:2379, or a list of addresses such as http://127.0.0.1:2379")]
    [InlineData("deployment: {etcd: {prefix: /apisix/}}", "config.yaml:1: deployment.etcd.prefix: /apisix/ is not allowed; use a path that begins with / and does not end in it")]
    [InlineData("deployment: {etcd: {prefix: /headgate}}", "config.yaml:1: deployment.etcd.prefix: /headgate is not allowed; use a path that begins with / and does not end in it")]
    [InlineData("deployment: {etcd: {timeout: 0}}", "config.yaml:1: deployment.etcd.timeout: 0 is not allowed; use a time from 1s to 1h, such as 500ms, 30s, 2m")]
    [InlineData("deployment: {etcd: {hots: [a]}}", "config.yaml:1: deployment.etcd.hots: unknown key (given: a list); did you mean deployment.etcd.host? known here: health_check_timeout, host, password, prefix, startup_retry, timeout, tls, user, watch_timeout")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}, etcd: {user: a}}", "config.yaml:1: deployment.etcd.user: needs deployment.etcd.password beside it")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}, etcd: {password: hush}}", "config.yaml:1: deployment.etcd.password: needs deployment.etcd.user beside it")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}, etcd: {tls: {cert: /etc/hostname}}}", "config.yaml:1: deployment.etcd.tls.cert: needs deployment.etcd.tls.key beside it")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}}\napisix: {ssl: {ssl_trusted_certificate: /nowhere.pem}}", "config.yaml:2: apisix.ssl.ssl_trusted_certificate: file /nowhere.pem does not exist; use the path of a PEM file")]
    [InlineData("apisix: {data_encryption: {keyring: [hush]}}", "config.yaml:1: apisix.data_encryption.keyring[0]: the given value is not allowed; use a text of 16 or 32 bytes")]
    [InlineData("deployment: {admin: {admin_key: [{key: k, role: admin}]}}", "config.yaml:1: deployment.admin.admin_key[0].name: missing; use a text")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: k, role: root}]}}", "config.yaml:1: deployment.admin.admin_key[0].role: root is not allowed; use admin or viewer")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: 'a b'}]}}", "config.yaml:1: deployment.admin.admin_key[0].key: the given value is not allowed; use a text of printable ASCII characters without spaces, or '' to have one generated")]
    [InlineData("deployment: {admin: {admin_key: [hush]}}", "config.yaml:1: deployment.admin.admin_key[0]: the given value is not allowed; use a mapping with name, key, role, gateway_group_id, workspace_id")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, keyy: hush}]}}", "config.yaml:1: deployment.admin.admin_key[0].keyy: unknown key; did you mean deployment.admin.admin_key[0].key? known here: gateway_group_id, key, name, role, workspace_id")]
    [InlineData("deployment: {admin: {admin_key: [{name: v, role: viewer}]}}", "config.yaml:1: deployment.admin.admin_key[0].key: missing; only a key of role admin is generated")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: x}, {name: a, key: y}]}}", "config.yaml:1: deployment.admin.admin_key[1].name: a is taken by an earlier key; use another name")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: x}, {name: b, key: x}]}}", "config.yaml:1: deployment.admin.admin_key[1].key: is the same as an earlier key; use another")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: x, workspace_id: w}]}}", "config.yaml:1: deployment.admin.admin_key[0].workspace_id: needs gateway_group_id beside it; the ids of workspaces are each group's own")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: x, gateway_group_id: 'a b'}]}}", "config.yaml:1: deployment.admin.admin_key[0].gateway_group_id: \"a b\" is not allowed; use 1 to 64 of a-z A-Z 0-9 - _ .")]
    [InlineData("deployment: {admin: {admin_key: [{name: a, key: x, gateway_group_id: g, workspace_id: ''}]}}", "config.yaml:1: deployment.admin.admin_key[0].workspace_id: \"\" is not allowed; use 1 to 64 of a-z A-Z 0-9 - _ .")]
    [InlineData("{deployment: {admin: {admin_key: [{name: a, key: x, gateway_group_id: g}]}}, headgate: {explain: {header: true}}}", "config.yaml:1: headgate.explain.header: true has no effect without a key of role admin; the Admin API has to be on, to ask for keys (deployment.admin.admin_key_required) and to have one of role admin without gateway_group_id")]
    [InlineData("deployment: {admin: {admin_key: [{name: a}, {name: b}]}}", "config.yaml:1: deployment.admin.admin_key: has more than one admin without a key; one can be generated")]
    [InlineData("deployment: {admin: {allow_admin: [10.0.0.0/33]}}", "config.yaml:1: deployment.admin.allow_admin[0]: 10.0.0.0/33 is not allowed; use an address or a range such as 10.0.0.0/8")]
    [InlineData("plugin_attr: {prometheus: {export_uri: metrics}}", "config.yaml:1: plugin_attr.prometheus.export_uri: metrics is not allowed; use a path that begins with /")]
    [InlineData("headgate: {data: ''}", "config.yaml:1: headgate.data: \"\" is not allowed; use a path")]
    [InlineData("headgate: {shutdown_timeout: 2h}", "config.yaml:1: headgate.shutdown_timeout: 2h is not allowed; use a time from 0s to 1h, such as 500ms, 30s, 2m")]
    [InlineData("headgate: {sticky_key: hush}", "config.yaml:1: headgate.sticky_key: the given value is not allowed; use a text of at least 16 characters")]
    [InlineData("headgate: {zone: [a]}", "config.yaml:1: headgate.zone: a list is not allowed; use a text")]
    [InlineData("headgate: {limits: {head_fields_max: 5}}", "config.yaml:1: headgate.limits.head_fields_max: 5 is not allowed; use a whole number from 10 to 10000")]
    [InlineData("headgate: {limits: {head_bytes_max: 4096}}", "headgate.limits.start_line_bytes_max: 8192 is more than headgate.limits.head_bytes_max (4096), which holds the request line; use no more than that")]
    [InlineData("deployment: {admin: {https_admin: yes}}", "config.yaml:1: deployment.admin.https_admin: yes is not allowed; use true or false")]
    [InlineData(
        "deployment: {admin: {https_admin: true}}",
        "config.yaml:1: deployment.admin.https_admin: true needs deployment.admin.admin_api_mtls.admin_ssl_cert and deployment.admin.admin_api_mtls.admin_ssl_cert_key: Headgate brings no certificate along, unlike APISIX")]
    [InlineData(
        "deployment: {admin: {https_admin: true, admin_api_mtls: {admin_ssl_cert: /etc/hostname}}}",
        "config.yaml:1: deployment.admin.admin_api_mtls.admin_ssl_cert: needs deployment.admin.admin_api_mtls.admin_ssl_cert_key beside it")]
    [InlineData(
        "deployment: {admin: {https_admin: true, admin_api_mtls: {admin_ssl_cert: /etc/hostname, admin_ssl_cert_key: /nowhere.pem}}}",
        "config.yaml:1: deployment.admin.admin_api_mtls.admin_ssl_cert_key: file /nowhere.pem does not exist; use the path of a PEM file")]
    [InlineData(
        "deployment: {admin: {https_admin: true, admin_api_mtls: {admin_ssl_cert: /etc/hostname, admin_ssl_cert_key: /etc/hostname, admin_ssl_ca_cert: /nowhere.pem}}}",
        "config.yaml:1: deployment.admin.admin_api_mtls.admin_ssl_ca_cert: file /nowhere.pem does not exist; use the path of a PEM file")]
    [InlineData(
        "deployment: {admin: {admin_api_mtls: {admin_ssl_cret: a.pem}}}",
        "config.yaml:1: deployment.admin.admin_api_mtls.admin_ssl_cret: unknown key (given: a.pem); did you mean deployment.admin.admin_api_mtls.admin_ssl_cert? known here: admin_ssl_ca_cert, admin_ssl_cert, admin_ssl_cert_key")]
    [InlineData("headgate: {tls: {cert: /etc/hostname}}", "config.yaml:1: headgate.tls.cert: needs headgate.tls.key beside it")]
    [InlineData("headgate: {tls: {cert: /etc/hostname, key: /nowhere.pem}}", "config.yaml:1: headgate.tls.key: file /nowhere.pem does not exist; use the path of a PEM file")]
    [InlineData("apisix: {control: {port: 9080}}", "config.yaml:1: apisix.control.port: 127.0.0.1:9080 is taken by apisix.node_listen[0]; use another port")]
    [InlineData("apisix: {node_listen: [9081, 9081]}", "config.yaml:1: apisix.node_listen[1]: port 9081 is taken by apisix.node_listen[0]; use another port")]
    [InlineData("apisix: {node_listne: 9080}", "config.yaml:1: apisix.node_listne: unknown key (given: 9080); did you mean apisix.node_listen? known here: control, data_encryption, disable_upstream_healthcheck, dns_resolver, dns_resolver_valid, enable_admin, enable_control, enable_http2, enable_ipv6, enable_resolv_search_opt, id, node_listen, proxy_cache, resolver_timeout, ssl, status")]
    [InlineData("apisix: {trusted_adresses: [a]}", "config.yaml:1: apisix.trusted_adresses: unknown key (given: a list); did you mean apisix.trusted_addresses? known here: control, data_encryption, disable_upstream_healthcheck, dns_resolver, dns_resolver_valid, enable_admin, enable_control, enable_http2, enable_ipv6, enable_resolv_search_opt, id, node_listen, proxy_cache, resolver_timeout, ssl, status")]
    [InlineData("apisix: {adminkey: hush}", "config.yaml:1: apisix.adminkey: unknown key; known here: control, data_encryption, disable_upstream_healthcheck, dns_resolver, dns_resolver_valid, enable_admin, enable_control, enable_http2, enable_ipv6, enable_resolv_search_opt, id, node_listen, proxy_cache, resolver_timeout, ssl, status")]
    [InlineData("headgate: {access_log: {format: json}}", "config.yaml:1: headgate.access_log.format: has no effect without an access log; set nginx_config.http.enable_access_log to true")]
    [InlineData("nginx_config: {http: {enable_access_log: true, access_log_format: $status}}\nheadgate: {access_log: {format: json}}", "config.yaml:1: nginx_config.http.access_log_format: has no effect with headgate.access_log.format: json; leave one of the two out")]
    [InlineData("plugin_attr: {prometheus: {default_buckets: [2, 1]}}", "config.yaml:1: plugin_attr.prometheus.default_buckets: a list is not allowed; use a list of 1 to 50 numbers above 0, rising")]
    [InlineData("plugin_attr: {prometheus: {metric_prefix: 1a}}", "config.yaml:1: plugin_attr.prometheus.metric_prefix: 1a is not allowed; use letters, digits, _ and :, not beginning with a digit")]
    [InlineData("discovery: {kubernetes: {servce: {}}}", "config.yaml:1: discovery.kubernetes: invalid configuration: additional properties forbidden, found servce (did you mean service?)")]
    [InlineData("discovery: {kubernetes: [{id: A, service: {host: a, port: 1}, client: {token: t}}]}", "config.yaml:1: discovery.kubernetes[0].id: invalid configuration: failed to validate item 1: property \"id\" validation failed: failed to match pattern \"^[a-z0-9]{1,64}$\" with \"A\"")]
    [InlineData("hedgate: {}", "config.yaml:1: hedgate: unknown key (given: a mapping); did you mean headgate? known here: apisix, deployment, discovery, headgate, nginx_config, plugin_attr")]
    [InlineData("headgate: {data: a, data: b}", "config.yaml:1: data: written twice; the first is on line 1")]
    [InlineData("[1]", "config.yaml:1: the file holds a list; use a mapping such as \"apisix:\"")]
    [InlineData("a: 1\n---\nb: 2", "config.yaml:1: a: unknown key (given: 1); known here: apisix, deployment, discovery, headgate, nginx_config, plugin_attr|config.yaml:2: a second document begins here; a configuration is one document")]
    [InlineData("headgate: {data: *x}", "config.yaml:1: not valid YAML: alias *x names nothing above it")]
    [InlineData("headgate: {data: ${{UNSET_X}}}", "config.yaml:1: environment variable UNSET_X is not set; set it, or write a default: ${{UNSET_X:=default}}")]
    public void Read_BadInput_SaysWhereWhatAndWhatIsAllowed(string yaml, string expected) => string.Join('|', Load.Errors(yaml)).ShouldBe(expected);

    [Fact]
    public void Read_ManyProblems_ReportsAllInTheOrderOfTheFile() => Load.Errors("""
        apisix:
          node_listen: x
          nonsense: 1
        deployment:
          role: y
        headgate:
          data: [1]
        """, ("HEADGATE_NONSENSE__X", "1")).Select(e => e.Split(": ")[0]).ShouldBe(
            ["config.yaml:2", "config.yaml:3", "config.yaml:5", "config.yaml:7", "environment variable HEADGATE_NONSENSE__X"]);

    [Theory]
    [InlineData("a: b: c")]
    [InlineData("a: }")]
    [InlineData("? [a]\n: b")]
    [InlineData("a: &x [*x]")]
    public void Read_NotYaml_IsOneErrorWithItsLine(string yaml) =>
        Load.Errors(yaml).ShouldHaveSingleItem().ShouldStartWith("config.yaml:1: not valid YAML: ");

    [Fact]
    public void Read_NestedTooDeep_IsRefused() =>
        Load.Errors(new string('[', 1000) + new string(']', 1000)).ShouldHaveSingleItem().ShouldBe("config.yaml:1: not valid YAML: nested deeper than 32 levels");

    [Fact]
    public void Load_FileMissing_SaysWhichFile() =>
        Headgate.Settings.SettingsReader.Load("/nowhere/config.yaml", new Dictionary<string, string>()).Errors.ShouldHaveSingleItem().ToString()
            .ShouldBe("cannot read the configuration file /nowhere/config.yaml: Could not find a part of the path '/nowhere/config.yaml'.");
}
