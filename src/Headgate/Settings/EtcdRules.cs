using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>What must hold between the keys about etcd.</summary>
internal static class EtcdRules
{
    private const string Section = "deployment.etcd.";

    /// <summary>Keys elsewhere that act on what lies in etcd alone.</summary>
    private static readonly string[] Elsewhere = ["apisix.ssl.ssl_trusted_certificate", "apisix.data_encryption.enable_encrypt_fields", "apisix.data_encryption.keyring"];

    /// <summary>Checks <paramref name="settings"/>; <paramref name="written"/> says which keys the user wrote, and where.</summary>
    public static void Check(GatewaySettings settings, IReadOnlyDictionary<string, SettingNode> written, SettingProblems problems)
    {
        if (settings.ConfigProvider != ConfigProvider.Etcd)
        {
            foreach ((string path, SettingNode node) in written.Where(static pair => pair.Key.StartsWith(Section, StringComparison.Ordinal) || Elsewhere.Contains(pair.Key)).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
                problems.Warning(node.Origin, path, "has no effect unless config_provider is etcd");
            return;
        }

        EtcdSettings etcd = settings.Etcd;
        CheckPair("user", etcd.User is not null, "password", etcd.Password is not null);
        CheckPair("tls.cert", etcd.CertFile is not null, "tls.key", etcd.KeyFile is not null);
        CheckFile(Section + "tls.cert", etcd.CertFile);
        CheckFile(Section + "tls.key", etcd.KeyFile);
        CheckFile("apisix.ssl.ssl_trusted_certificate", etcd.TrustedFile);
        bool encrypted = etcd.Hosts.Items.All(static host => host.Scheme == Uri.UriSchemeHttps);
        if (etcd.User is not null && !encrypted && etcd.Hosts.Items.Any(static host => !host.IsLoopback))
            problems.Warning(Origin(Section + "host"), Section + "host", "http sends the password and the configuration unencrypted over the network; use https");
        if (!etcd.Verify && etcd.Hosts.Items.Any(static host => host.Scheme == Uri.UriSchemeHttps))
            problems.Warning(Origin(Section + "tls.verify"), Section + "tls.verify", "false trusts whoever answers in etcd's place; give the authority in apisix.ssl.ssl_trusted_certificate instead");

        SettingOrigin? Origin(string path) => written.TryGetValue(path, out SettingNode? node) ? node.Origin : null;

        void CheckPair(string one, bool hasOne, string other, bool hasOther)
        {
            if (hasOne != hasOther)
                problems.Error(Origin(Section + (hasOne ? one : other)), Section + (hasOne ? one : other), $"needs {Section}{(hasOne ? other : one)} beside it");
        }

        void CheckFile(string path, string? file)
        {
            if (file is not null && !File.Exists(file))
                problems.Error(Origin(path), path, $"file {Path.GetFullPath(file)} does not exist; use the path of a PEM file");
        }
    }
}
