using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>What must hold between the keys about control planes.</summary>
internal static class ControlPlaneRules
{
    private const string Section = "headgate.control_plane.";

    /// <summary>Checks <paramref name="settings"/>; <paramref name="written"/> says which keys the user wrote, and where.</summary>
    public static void Check(GatewaySettings settings, IReadOnlyDictionary<string, SettingNode> written, SettingProblems problems)
    {
        string? reason = settings switch
        {
            { Role: DeploymentRole.ControlPlane } => "a control plane reports to nobody; leave the key out",
            { ConfigProvider: ConfigProvider.Embedded } => "no other process knows what this one's store holds; leave the key out, or set config_provider to etcd",
            { ControlPlane.Addresses.Count: 0 } => $"there is no {Section}addresses",
            _ => null,
        };
        if (reason is not null)
        {
            foreach ((string path, SettingNode node) in written.Where(static pair => pair.Key.StartsWith(Section, StringComparison.Ordinal)).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
                problems.Error(node.Origin, path, "has no effect: " + reason);
            return;
        }

        ControlPlaneSettings planes = settings.ControlPlane;
        if (planes.Token is null && planes.CertFile is null)
            problems.Error(Origin("addresses"), Section + "addresses", $"needs {Section}token or {Section}cert: a control plane takes no line of somebody it does not know");
        if (planes.CertFile is not null != planes.KeyFile is not null)
            problems.Error(Origin(planes.CertFile is null ? "key" : "cert"), Section + (planes.CertFile is null ? "key" : "cert"), $"needs {Section}{(planes.CertFile is null ? "cert" : "key")} beside it");
        foreach ((string key, string? file) in new[] { ("ca", planes.AuthorityFile), ("cert", planes.CertFile), ("key", planes.KeyFile) })
        {
            if (file is not null && !File.Exists(file))
                problems.Error(Origin(key), Section + key, $"file {Path.GetFullPath(file)} does not exist; use the path of a PEM file");
        }

        if (planes.Addresses.Items.Any(static address => address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
            problems.Warning(Origin("addresses"), Section + "addresses", "http sends the token and what is reported unencrypted over the network; use https");

        SettingOrigin? Origin(string key) => written.TryGetValue(Section + key, out SettingNode? node) ? node.Origin : null;
    }
}
