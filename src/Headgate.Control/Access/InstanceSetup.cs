using System.Text;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Core.Config;

namespace Headgate.Control.Access;

/// <summary>
/// How to add an instance to a gateway group: the <c>config.yaml</c> of a data plane, and the commands that write it and start it. Secrets but the token are not known to whoever asks, and
/// files lie elsewhere on other machines: what is in capitals is to be filled in, and a start says so of each that was not.
/// </summary>
internal static class InstanceSetup
{
    private const string TokenVariable = "HEADGATE_INSTANCE_TOKEN";

    /// <summary>The <c>config.yaml</c>. <paramref name="controlPlane"/>: scheme, host and port of this control plane, as its clients reach it. <paramref name="etcd"/>: null = it is not known.</summary>
    public static string Config(string group, string controlPlane, SharedEtcd? etcd)
    {
        string prefix = group == GatewayGroupConfig.DefaultId ? etcd?.Prefix ?? ResourceKinds.DefaultPrefix : GatewayGroupConfig.PrefixOf(group);
        string hosts = string.Join(", ", etcd?.Hosts.Select(static host => Quoted(host.ToString().TrimEnd('/'))) ?? [Quoted("http://ETCD_HOST:2379")]);
        var yaml = new StringBuilder()
            .Append("deployment:\n  role: data_plane\n  role_data_plane:\n    config_provider: etcd\n")
            .Append("  etcd:\n    host: [").Append(hosts).Append("]\n    prefix: ").Append(Quoted(prefix)).Append('\n');
        if (etcd is { HasUser: true })
            yaml.Append("    user: \"${{ETCD_USER}}\"\n    password: \"${{ETCD_PASSWORD}}\"\n");
        if (etcd is { HasCertificate: true })
            yaml.Append("    tls:\n      cert: ETCD_CERTIFICATE_FILE\n      key: ETCD_KEY_FILE\n");
        if (etcd is { HasAuthority: true } or { Keys: > 0 })
            yaml.Append("apisix:\n");
        if (etcd is { HasAuthority: true })
            yaml.Append("  ssl:\n    ssl_trusted_certificate: ETCD_AUTHORITY_FILE\n");
        if (etcd is { Keys: > 0 })
            yaml.Append("  data_encryption:\n    keyring: [").Append(string.Join(", ", Keys(etcd).Select(static name => $"\"${{{{{name}}}}}\""))).Append("]\n");
        yaml.Append("headgate:\n  control_plane:\n    addresses: [").Append(Quoted(controlPlane)).Append("]\n    token: \"${{").Append(TokenVariable).Append("}}\"\n");
        if (controlPlane.StartsWith("https:", StringComparison.Ordinal))
            yaml.Append("    # ca: FILE     where this system does not trust who signed the control plane's certificate\n    # cert: FILE   and key: FILE, where the control plane asks for a certificate\n");
        return yaml.ToString();
    }

    /// <summary>The commands for a shell on the new machine. <paramref name="token"/>: as the instance sends it; it stands in the environment and not in the file.</summary>
    public static string Shell(string config, string token, SharedEtcd? etcd)
    {
        var commands = new StringBuilder().Append("export ").Append(TokenVariable).Append('=').Append(token).Append('\n');
        foreach (string name in Variables(etcd))
            commands.Append("export ").Append(name).Append("=...\n");
        return commands.Append("cat >config.yaml <<'END'\n").Append(config).Append("END\nheadgate run --config config.yaml\n").ToString();
    }

    private static IEnumerable<string> Variables(SharedEtcd? etcd) =>
        etcd is null ? [] : [.. etcd.HasUser ? (string[])["ETCD_USER", "ETCD_PASSWORD"] : [], .. Keys(etcd)];

    private static IEnumerable<string> Keys(SharedEtcd etcd) => Enumerable.Range(1, etcd.Keys).Select(static number => number == 1 ? "KEYRING" : $"KEYRING_{number}");

    /// <summary>JSON's texts are YAML's.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
