using Headgate.Core.Config.Registries;
using Headgate.Proxy;
using Headgate.Proxy.Dns;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Settings.Forms;
using static Headgate.Settings.Forms.EtcdForms;
using static Headgate.Settings.Forms.SettingForms;

namespace Headgate.Settings;

/// <summary>
/// Every key that acts, one row each: path, form, where the value goes, meaning. A new key is a property with its default in the settings
/// records, a row here, and the row of docs/reference/configuration.md that a test then asks for.
/// </summary>
internal static class SettingTable
{
    /// <summary>All rows, in the order of the reference.</summary>
    public static readonly IReadOnlyList<SettingKey> Keys =
    [
        Key("apisix.id", OptionalId, s => s.InstanceId, (s, v) => s with { InstanceId = v }, "Id of this gateway instance. Without it one is generated and kept in the data folder."),
        Key("apisix.node_listen", ListOf(new ListenForm(portAlone: true), "a list of ports or of mappings with port, ip, enable_http2", 1, single: true),
            s => s.NodeListen, (s, v) => s with { NodeListen = v }, "Where HTTP traffic is taken."),
        Key("apisix.enable_ipv6", Switch, s => s.EnableIpv6, (s, v) => s with { EnableIpv6 = v }, "Whether a traffic listener without `ip` takes IPv6 as well as IPv4, and whether name servers are asked for IPv6 addresses of nodes."),
        Key("apisix.enable_http2", Switch, s => s.EnableHttp2, (s, v) => s with { EnableHttp2 = v }, "Whether traffic listeners speak HTTP/2 too; `enable_http2` of a listener goes first."),
        Key("apisix.ssl.enable", Switch, s => s.Ssl.Enable, (s, v) => s with { Ssl = s.Ssl with { Enable = v } }, "Whether HTTPS is served, with the certificates of `ssls` and, for other names, that of `headgate.tls`."),
        Key("apisix.ssl.listen", ListOf(new ListenForm(portAlone: false), "a list of mappings with port, ip, enable_http2", 1),
            s => s.Ssl.Listen, (s, v) => s with { Ssl = s.Ssl with { Listen = v } }, "Where HTTPS traffic is taken."),
        Key("apisix.ssl.fallback_sni", OptionalText, s => s.Ssl.FallbackSni, (s, v) => s with { Ssl = s.Ssl with { FallbackSni = v } }, "Server name of HTTPS clients that ask for none."),
        Key("apisix.enable_admin", Switch, s => s.Admin.Enable, (s, v) => s with { Admin = s.Admin with { Enable = v } }, "Whether the Admin API is served."),
        Key("apisix.enable_control", Switch, s => s.EnableControl, (s, v) => s with { EnableControl = v }, "Whether the control API is served."),
        Key("apisix.control.ip", Ip, s => s.Control.Ip, (s, v) => s with { Control = s.Control with { Ip = v } }, "Address of the control API. It has no password: keep it on loopback."),
        Key("apisix.control.port", Port, s => s.Control.Port, (s, v) => s with { Control = s.Control with { Port = v } }, "Port of the control API."),
        Key("apisix.status.ip", Ip, s => s.Status.Ip, (s, v) => s with { Status = s.Status with { Ip = v } }, "Address of `/status` (alive) and `/status/ready` (ready for traffic)."),
        Key("apisix.status.port", Port, s => s.Status.Port, (s, v) => s with { Status = s.Status with { Port = v } }, "Port of `/status` and `/status/ready`."),
        Key("apisix.disable_upstream_healthcheck", Switch, s => s.DisableUpstreamHealthcheck, (s, v) => s with { DisableUpstreamHealthcheck = v },
            "Whether health checks are off for all upstreams."),
        Key("apisix.dns_resolver", ListOf(DnsServer, "a list of addresses such as 1.1.1.1 or 127.0.0.1:5353", 1), s => s.Resolving.Dns.Servers, (s, v) => Resolving(s, dns => dns with { Servers = v }),
            "Name servers that are asked for the nodes' host names; empty: those of `/etc/resolv.conf`."),
        Key("apisix.dns_resolver_valid", OptionalDuration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)), s => s.Resolving.Dns.ValidFor, (s, v) => Resolving(s, dns => dns with { ValidFor = v }),
            "How long an answer of the name servers counts, whatever the records' TTL. Without it the TTL counts, from a second to an hour."),
        Key("apisix.resolver_timeout", Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), s => s.Resolving.Dns.Timeout, (s, v) => Resolving(s, dns => dns with { Timeout = v }),
            "How long a question to the name servers may take, all servers and tries together."),
        Key("apisix.enable_resolv_search_opt", Switch, s => s.Resolving.Dns.UsesSearch, (s, v) => Resolving(s, dns => dns with { UsesSearch = v }),
            "Whether the nodes' host names are looked for in the `search` domains of `/etc/resolv.conf`, too."),
        Key("deployment.role", Choice(("traditional", DeploymentRole.Traditional), ("control_plane", DeploymentRole.ControlPlane), ("data_plane", DeploymentRole.DataPlane)),
            s => s.Role, (s, v) => s with { Role = v }, "What this process does: everything, the Admin API without traffic, or traffic without an Admin API ([roles](standalone.md#roles))."),
        Key("deployment.role_traditional.config_provider", Choice(("embedded", ConfigProvider.Embedded), ("etcd", ConfigProvider.Etcd), ("yaml", ConfigProvider.Yaml)),
            s => s.TraditionalProvider, (s, v) => s with { TraditionalProvider = v },
            "Where the configuration lives. `embedded` is the store in the data folder, `etcd` one that any number of gateways share ([stores](store.md)). With `yaml` it is given to the Admin API as a whole, or read from a file when `apisix.enable_admin` is false ([standalone](standalone.md))."),
        Key("deployment.role_control_plane.config_provider", new ChosenForm<ConfigProvider>([("etcd", ConfigProvider.Etcd)], NotShared),
            s => s.ControlPlaneProvider, (s, v) => s with { ControlPlaneProvider = v }, "Where a control plane keeps the configuration."),
        Key("deployment.role_data_plane.config_provider",
            new ChosenForm<ConfigProvider>([("etcd", ConfigProvider.Etcd), ("yaml", ConfigProvider.Yaml), ("json", ConfigProvider.Json)], NotShared, ("xds", "is not available in Headgate")),
            s => s.DataPlaneProvider, (s, v) => s with { DataPlaneProvider = v }, "Where a data plane reads the configuration: from `etcd`, or from the file `apisix.yaml` or `apisix.json` ([standalone](standalone.md))."),
        Key("deployment.etcd.host", ListOf(EtcdMember, "a list of addresses such as http://127.0.0.1:2379", 1, single: true), s => s.Etcd.Hosts, (s, v) => Etcd(s, etcd => etcd with { Hosts = v }),
            "Addresses of etcd's members. Each gateway begins with one of them by chance and goes on to the next when it fails."),
        Key("deployment.etcd.prefix", StorePrefix, s => s.Etcd.Prefix, (s, v) => Etcd(s, etcd => etcd with { Prefix = v }), "With what the keys of the default gateway group's objects begin."),
        Key("deployment.etcd.timeout", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), s => s.Etcd.Timeout, (s, v) => Etcd(s, etcd => etcd with { Timeout = v }),
            "How long a read or a write may take, with all members tried; a single member has 5 s of that."),
        Key("deployment.etcd.watch_timeout", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), s => s.Etcd.WatchTimeout, (s, v) => Etcd(s, etcd => etcd with { WatchTimeout = v }),
            "After so much silence a watch is begun anew. Its member is asked every 5 s of silence whether it still is one."),
        Key("deployment.etcd.health_check_timeout", Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), s => s.Etcd.HealthCheckTimeout, (s, v) => Etcd(s, etcd => etcd with { HealthCheckTimeout = v }),
            "How long a member that failed is asked only when no other answers."),
        Key("deployment.etcd.startup_retry", Number(0, 1000), s => s.Etcd.StartupRetry, (s, v) => Etcd(s, etcd => etcd with { StartupRetry = v }), "How often it is tried again when etcd cannot be reached at the start."),
        Key("deployment.etcd.user", OptionalText, s => s.Etcd.User, (s, v) => Etcd(s, etcd => etcd with { User = v }), "etcd's user. It needs to read and write what is below the prefix, `/gateway_groups/` and `/headgate/`."),
        Key("deployment.etcd.password", OptionalPassword, s => s.Etcd.Password, (s, v) => Etcd(s, etcd => etcd with { Password = v }), "The user's password."),
        Key("deployment.etcd.tls.cert", OptionalFilePath, s => s.Etcd.CertFile, (s, v) => Etcd(s, etcd => etcd with { CertFile = v }), "File of the certificate that etcd is shown, PEM."),
        Key("deployment.etcd.tls.key", OptionalFilePath, s => s.Etcd.KeyFile, (s, v) => Etcd(s, etcd => etcd with { KeyFile = v }), "File of the certificate's private key, PEM."),
        Key("deployment.etcd.tls.verify", Switch, s => s.Etcd.Verify, (s, v) => Etcd(s, etcd => etcd with { Verify = v }), "Whether the certificates of etcd's members are verified."),
        Key("deployment.etcd.tls.sni", OptionalText, s => s.Etcd.Sni, (s, v) => Etcd(s, etcd => etcd with { Sni = v }), "Name that is asked for and verified instead of the host's."),
        Key("apisix.ssl.ssl_trusted_certificate", OptionalFilePath, s => s.Etcd.TrustedFile, (s, v) => Etcd(s, etcd => etcd with { TrustedFile = v }),
            "File of the authorities that sign the certificates of etcd's members, PEM. Without it those of the system are trusted."),
        Key("apisix.data_encryption.enable_encrypt_fields", Switch, s => s.Etcd.EncryptsFields, (s, v) => Etcd(s, etcd => etcd with { EncryptsFields = v }),
            "Whether secrets are written into etcd encrypted, as APISIX does it, when there is a key."),
        Key("apisix.data_encryption.keyring", ListOf(EncryptionKey, "a list of texts of 16 or 32 bytes", single: true), s => s.Etcd.Keyring, (s, v) => Etcd(s, etcd => etcd with { Keyring = v }),
            "Keys of APISIX's encryption of what lies in etcd: the first encrypts, all decrypt. Without one secrets lie there as they are."),
        Key("deployment.admin.admin_listen.ip", Ip, s => s.Admin.Listen.Ip, (s, v) => s with { Admin = s.Admin with { Listen = s.Admin.Listen with { Ip = v } } }, "Address of the Admin API."),
        Key("deployment.admin.admin_listen.port", Port, s => s.Admin.Listen.Port, (s, v) => s with { Admin = s.Admin with { Listen = s.Admin.Listen with { Port = v } } }, "Port of the Admin API."),
        Key("deployment.admin.admin_key", ListOf(new AdminKeyForm(), "a list of mappings with name, key, role, gateway_group_id, workspace_id"), s => s.Admin.Keys, (s, v) => s with { Admin = s.Admin with { Keys = v } },
            "Keys of the Admin API, each with a role (`admin` or `viewer`). An `admin` without a key gets one, generated at the first start into the file `admin.key` of the data folder. One with a `gateway_group_id`, and with it a `workspace_id`, acts there alone, and there when a request names none."),
        Key("deployment.admin.admin_key_required", Switch, s => s.Admin.KeyRequired, (s, v) => s with { Admin = s.Admin with { KeyRequired = v } }, "Whether the Admin API asks for a key."),
        Key("deployment.admin.allow_admin", ListOf(AddressRange, "a list of addresses or ranges such as 10.0.0.0/8"), s => s.Admin.AllowAdmin, (s, v) => s with { Admin = s.Admin with { AllowAdmin = v } },
            "Peers that may use the Admin API; an empty list lets all in."),
        Key(AdminTlsSettings.EnableKey, Switch, s => s.Admin.Tls.Enable, (s, v) => AdminTls(s, tls => tls with { Enable = v }),
            "Whether the Admin API speaks HTTPS, and no clear text ([how](../how-to/admin-api-over-tls.md)). It needs the certificate and its key: Headgate brings none along, unlike APISIX."),
        Key(AdminTlsSettings.CertKey, OptionalFilePath, s => s.Admin.Tls.CertFile, (s, v) => AdminTls(s, tls => tls with { CertFile = v }),
            "File of the Admin API's certificate chain, PEM. It and the two below are read again when they change."),
        Key(AdminTlsSettings.KeyKey, OptionalFilePath, s => s.Admin.Tls.KeyFile, (s, v) => AdminTls(s, tls => tls with { KeyFile = v }), "File of the certificate's private key, PEM."),
        Key(AdminTlsSettings.ClientCaKey, OptionalFilePath, s => s.Admin.Tls.ClientCaFile, (s, v) => AdminTls(s, tls => tls with { ClientCaFile = v }),
            "File of the authorities, their roots among them, of which clients of the Admin API must have a certificate, PEM. Without it they need none."),
        Key("nginx_config.http.enable_access_log", Switch, s => s.AccessLog.Enable, (s, v) => s with { AccessLog = s.AccessLog with { Enable = v } },
            "Whether each request has a line in the access log. Off by default, unlike APISIX's."),
        Key("nginx_config.http.access_log", FilePath, s => s.AccessLog.Path, (s, v) => s with { AccessLog = s.AccessLog with { Path = v } },
            "File of the access log, relative to the working directory; `/dev/stdout` is standard output."),
        Key("nginx_config.http.access_log_format", Text, s => s.AccessLog.Template, (s, v) => s with { AccessLog = s.AccessLog with { Template = v } },
            "Template of a line, with variables."),
        Key("nginx_config.http.access_log_format_escape", Choice(("default", LogEscape.Default), ("json", LogEscape.Json), ("none", LogEscape.None)),
            s => s.AccessLog.Escape, (s, v) => s with { AccessLog = s.AccessLog with { Escape = v } }, "How values stand in a line."),
        Key("plugin_attr.prometheus.enable_export_server", Switch, s => s.Metrics.Enable, (s, v) => s with { Metrics = s.Metrics with { Enable = v } }, "Whether the metrics page is served."),
        Key("plugin_attr.prometheus.export_addr.ip", Ip, s => s.Metrics.Listen.Ip, (s, v) => s with { Metrics = s.Metrics with { Listen = s.Metrics.Listen with { Ip = v } } }, "Address of the metrics page."),
        Key("plugin_attr.prometheus.export_addr.port", Port, s => s.Metrics.Listen.Port, (s, v) => s with { Metrics = s.Metrics with { Listen = s.Metrics.Listen with { Port = v } } }, "Port of the metrics page."),
        Key("plugin_attr.prometheus.export_uri", UriPath, s => s.Metrics.Uri, (s, v) => s with { Metrics = s.Metrics with { Uri = v } }, "Path of the metrics page."),
        Key("apisix.proxy_cache.zones", ListOf(new CacheZoneForm(), "a list of mappings with name, memory_size", 1), s => s.CacheZones, (s, v) => s with { CacheZones = v },
            "Memory that `proxy-cache` keeps answers in. Of zones with `disk_path` only the name is known: nothing is kept on disk."),
        Key("plugin_attr.redirect.https_port", Number(0, 65535), s => s.RedirectHttpsPort, (s, v) => s with { RedirectHttpsPort = v },
            "Port of HTTPS in the locations of `redirect`; 0 = that of the first HTTPS listener."),
        Key("plugin_attr.prometheus.metric_prefix", MetricName, s => s.Metrics.Prefix, (s, v) => s with { Metrics = s.Metrics with { Prefix = v } }, "What the names of APISIX's metrics begin with."),
        Key("plugin_attr.prometheus.default_buckets", Rising("a list of 1 to 50 numbers above 0, rising"), s => s.Metrics.Counting.BucketsMs,
            (s, v) => s with { Metrics = s.Metrics with { Counting = s.Metrics.Counting with { BucketsMs = v } } }, "Upper bounds of the buckets of latencies, milliseconds."),
        Key("headgate.metrics.label_sets_max", Number(1, 1000000), s => s.Metrics.Counting.LabelSetsMax,
            (s, v) => s with { Metrics = s.Metrics with { Counting = s.Metrics.Counting with { LabelSetsMax = v } } },
            "Combinations of route, path, host, consumer and node that requests are counted apart by; those that come later are counted together, every label `overflow`."),
        Key("headgate.access_log.format", Choice(("template", AccessLogStyle.Template), ("json", AccessLogStyle.Json)),
            s => s.AccessLog.Style, (s, v) => s with { AccessLog = s.AccessLog with { Style = v } },
            "What a line is: as `nginx_config.http.access_log_format` says, or an object of JSON with everything that is known of the request and its tries."),
        Key("headgate.access_log.buffer_bytes", Number(4096, 1 << 30), s => s.AccessLog.BufferBytes, (s, v) => s with { AccessLog = s.AccessLog with { BufferBytes = v } },
            "Bytes of lines that wait to be written, for each event loop and once for all else; lines that do not fit are dropped and counted."),
        Key("headgate.data", FilePath, s => s.Data, (s, v) => s with { Data = v }, "Folder of the embedded store, of the last good configuration and of the generated admin key; relative to the working directory."),
        Key("headgate.transport", Choice(("loops", TransportKind.Loops), ("kestrel", TransportKind.Kestrel)), s => s.Transport, (s, v) => s with { Transport = v },
            "What carries HTTP/1.1: `loops`, Headgate's own event loops, one per core (HTTP/2 stays with Kestrel on the same ports), or `kestrel` for everything."),
        Key("headgate.state.verdict_age_max", Duration(TimeSpan.Zero, TimeSpan.FromDays(1)), s => s.VerdictAgeMax, (s, v) => s with { VerdictAgeMax = v },
            "How old a node's health, latency, ejection or slow start may be that is taken over from before a restart; 0 = none is."),
        Key("headgate.explain.recent", Number(0, 10000), s => s.RecentDecisions.Recent, (s, v) => s with { RecentDecisions = s.RecentDecisions with { Recent = v } },
            "How many of the latest requests are kept for `/api/explain/recent`, about 2 KB each. 0 = none, and nothing is traced."),
        Key("headgate.explain.sample", Number(1, 1000000), s => s.RecentDecisions.Sample, (s, v) => s with { RecentDecisions = s.RecentDecisions with { Sample = v } },
            "One in so many requests is kept there, beside every one with a failed try or without any."),
        Key("headgate.explain.header", Switch, s => s.ExplainsByHeader, (s, v) => s with { ExplainsByHeader = v },
            "Whether a request with an admin's key in `X-Headgate-Explain`, from an address of `deployment.admin.allow_admin`, has an answer that says what was done with it."),
        Key("headgate.discovery.empty_hold", Duration(TimeSpan.Zero, TimeSpan.FromDays(1)), s => s.DiscoveryTerms.EmptyHold,
            (s, v) => s with { DiscoveryTerms = s.DiscoveryTerms with { EmptyHold = v } }, "How long a registry must go on saying that a service has no instance until it is believed."),
        Key("headgate.discovery.removal_percent", Number(1, 100), s => s.DiscoveryTerms.RemovalPercent, (s, v) => s with { DiscoveryTerms = s.DiscoveryTerms with { RemovalPercent = v } },
            "Share of a service's instances that may vanish at once; when more do, they are held. 100 = all but an empty answer is believed."),
        Key("headgate.discovery.removal_min_instances", Number(2, 1000000), s => s.DiscoveryTerms.RemovalMinInstances,
            (s, v) => s with { DiscoveryTerms = s.DiscoveryTerms with { RemovalMinInstances = v } }, "Instances that a service must have for removals to be held."),
        Key("headgate.discovery.removal_hold", Duration(TimeSpan.Zero, TimeSpan.FromDays(1)), s => s.DiscoveryTerms.RemovalHold,
            (s, v) => s with { DiscoveryTerms = s.DiscoveryTerms with { RemovalHold = v } }, "How long vanished instances are held until the registry is believed, unless a person releases them."),
        Key("headgate.control_plane.addresses", ListOf(ControlPlaneAddress, "a list of addresses such as https://10.0.0.1:9180", single: true), s => s.ControlPlane.Addresses,
            (s, v) => ControlPlane(s, planes => planes with { Addresses = v }), "The Admin API of each control plane that this instance reports to ([instances](instances.md)). Configuration comes from the store alone."),
        Key("headgate.control_plane.token", OptionalSecret, s => s.ControlPlane.Token, (s, v) => ControlPlane(s, planes => planes with { Token = v }),
            "The instance token that control planes know this instance by ([how to get one](instances.md#add-an-instance))."),
        Key("headgate.control_plane.ca", OptionalFilePath, s => s.ControlPlane.AuthorityFile, (s, v) => ControlPlane(s, planes => planes with { AuthorityFile = v }),
            "File of the authorities that sign the control planes' certificates, PEM. Without it those of the system are trusted."),
        Key("headgate.control_plane.cert", OptionalFilePath, s => s.ControlPlane.CertFile, (s, v) => ControlPlane(s, planes => planes with { CertFile = v }),
            "File of the certificate that control planes are shown, PEM."),
        Key("headgate.control_plane.key", OptionalFilePath, s => s.ControlPlane.KeyFile, (s, v) => ControlPlane(s, planes => planes with { KeyFile = v }), "File of the certificate's private key, PEM."),
        Key("headgate.zone", OptionalText, s => s.Zone, (s, v) => s with { Zone = v },
            "The zone this gateway instance runs in: upstreams with `zone_aware` prefer nodes whose `metadata.zone` is the same."),
        Key("headgate.sticky_key", OptionalSecret, s => s.StickyKey, (s, v) => s with { StickyKey = v },
            "Key of the cookies of sticky sessions. Gateways behind one load balancer need the same, or a session moves when it comes to another of them. Without it one is generated at the first start into the file `sticky.key` of the data folder."),
        Key("headgate.plugin_folder", OptionalFilePath, s => s.PluginFolder, (s, v) => s with { PluginFolder = v },
            "Folder of plugins of one's own: `NAME/NAME.dll` below it is loaded at the start ([how](../how-to/add-a-plugin.md#a-plugin-of-ones-own)). They run with all that the gateway may do."),
        Key("headgate.secret_folders", ListOf(FilePath, "a list of paths"), s => s.SecretFolders, (s, v) => s with { SecretFolders = v },
            "Folders below which `$secret://file/...` may be read. None by default: who may write configuration should not be able to read all that this process can."),
        Key("headgate.standalone.file", OptionalFilePath, s => s.StandaloneFile, (s, v) => s with { StandaloneFile = v },
            "File of the configuration with `config_provider: yaml` or `json`. Without it `apisix.yaml` or `apisix.json` in the folder of `config.yaml`."),
        Key("headgate.history.days", Number(0, 36500), s => s.HistoryDays, (s, v) => s with { HistoryDays = v },
            "How many days the history of changes is kept (who, when, why, before and after). What is configured is never dropped. 0 = for ever."),
        Key("headgate.tls.cert", OptionalFilePath, s => s.Ssl.CertFile, (s, v) => s with { Ssl = s.Ssl with { CertFile = v } }, "File of the certificate chain for HTTPS clients whose server name has no certificate in `ssls`, PEM. Without it they are refused."),
        Key("headgate.tls.key", OptionalFilePath, s => s.Ssl.KeyFile, (s, v) => s with { Ssl = s.Ssl with { KeyFile = v } }, "File of the certificate's private key, PEM."),
        Key("headgate.shutdown_timeout", Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), s => s.ShutdownTimeout, (s, v) => s with { ShutdownTimeout = v },
            "How long requests under way may take to end after a stop was asked for."),
        Key("headgate.limits.start_line_bytes_max", Number(256, 65536), s => s.Limits.Heads.StartLineBytesMax, (s, v) => s with { Limits = s.Limits with { Heads = s.Limits.Heads with { StartLineBytesMax = v } } },
            "Bytes of a request line; 414 above."),
        Key("headgate.limits.head_bytes_max", Number(1024, 1048576), s => s.Limits.Heads.HeadBytesMax, (s, v) => s with { Limits = s.Limits with { Heads = s.Limits.Heads with { HeadBytesMax = v } } },
            "Bytes of a whole head; 431 above, and a node that sends more has failed."),
        Key("headgate.limits.head_fields_max", Number(10, 10000), s => s.Limits.Heads.FieldsMax, (s, v) => s with { Limits = s.Limits with { Heads = s.Limits.Heads with { FieldsMax = v } } },
            "Header fields of a head; 431 above."),
        Key("headgate.limits.body_bytes_max", ByteCount, s => s.Limits.BodyBytesMax, (s, v) => s with { Limits = s.Limits with { BodyBytesMax = v } },
            "Bytes of a request body; 413 above. 0 = no limit."),
        Key("headgate.limits.idle_timeout", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), s => s.Limits.IdleTimeout, (s, v) => s with { Limits = s.Limits with { IdleTimeout = v } },
            "How long a client connection may stay idle between requests."),
        Key("headgate.limits.head_timeout", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), s => s.Limits.HeadTimeout, (s, v) => s with { Limits = s.Limits with { HeadTimeout = v } },
            "How long a client may take to send a request head."),
        Key("headgate.limits.body_timeout", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), s => s.Limits.BodyTimeout, (s, v) => s with { Limits = s.Limits with { BodyTimeout = v } },
            "Longest pause between two pieces of a request body."),
        Key("headgate.limits.send_timeout", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), s => s.Limits.SendTimeout, (s, v) => s with { Limits = s.Limits with { SendTimeout = v } },
            "Longest time in which a client takes nothing of an answer."),
        Key("headgate.limits.linger_timeout", Duration(TimeSpan.Zero, TimeSpan.FromMinutes(1)), s => s.Limits.LingerTimeout, (s, v) => s with { Limits = s.Limits with { LingerTimeout = v } },
            "How long a connection that is about to be closed is still read from, so that the client sees the answer."),
        Key("headgate.limits.connections_max", Number(1, 10000000), s => s.Limits.ConnectionsMax, (s, v) => s with { Limits = s.Limits with { ConnectionsMax = v } },
            "Client connections at the same time; further ones are refused: 503 in clear text on the loops, else closed at once."),
        Key("headgate.limits.dropped_bytes_max", Number(0, 1073741824), s => s.Limits.DroppedBytesMax, (s, v) => s with { Limits = s.Limits with { DroppedBytesMax = v } },
            "Bytes of an unneeded request body that are read and dropped; with more the connection is closed."),
        .. RegistryTypes.All.Select(static type => Key(
            $"discovery.{type}", new RegistryForm(type), s => s.Registries.FirstOrDefault(registry => registry.Config.Type == type), WithRegistry,
            $"A service registry of type `{type}` ([keys](discovery/{type}.md)); upstreams name it with `discovery_type`.")),
    ];

    /// <summary>Why the embedded store is for one process.</summary>
    private static (string Word, string Why) NotShared => ("embedded", "is the store of one process, which no other can share");

    /// <summary>The row of a path; null when none.</summary>
    public static SettingKey? Find(string path, StringComparison comparison = StringComparison.Ordinal) => Keys.FirstOrDefault(k => string.Equals(k.Path, path, comparison));

    /// <summary>Whether keys that act lie below <paramref name="path"/>.</summary>
    public static bool HasBelow(string path) => Keys.Any(key => key.Path.StartsWith(path + ".", StringComparison.Ordinal));

    private static GatewaySettings Resolving(GatewaySettings settings, Func<DnsResolverOptions, DnsResolverOptions> change) =>
        settings with { Resolving = settings.Resolving with { Dns = change(settings.Resolving.Dns) } };

    private static GatewaySettings Etcd(GatewaySettings settings, Func<EtcdSettings, EtcdSettings> change) => settings with { Etcd = change(settings.Etcd) };

    private static GatewaySettings ControlPlane(GatewaySettings settings, Func<ControlPlaneSettings, ControlPlaneSettings> change) => settings with { ControlPlane = change(settings.ControlPlane) };

    private static GatewaySettings AdminTls(GatewaySettings settings, Func<AdminTlsSettings, AdminTlsSettings> change) =>
        settings with { Admin = settings.Admin with { Tls = change(settings.Admin.Tls) } };

    private static GatewaySettings WithRegistry(GatewaySettings settings, RegistrySetting? registry) =>
        registry is null ? settings : settings with { Registries = [.. settings.Registries.Where(other => other.Config.Type != registry.Config.Type), registry] };

    private static TypedSettingKey<T> Key<T>(string path, SettingForm<T> form, Func<GatewaySettings, T> get, Func<GatewaySettings, T, GatewaySettings> set, string meaning) =>
        new(path, form, get, set, meaning);
}
