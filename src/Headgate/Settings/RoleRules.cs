using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>What is written and does nothing in the role that was chosen.</summary>
internal static class RoleRules
{
    private const string FileKey = "headgate.standalone.file";
    private const string AdminSwitch = "apisix.enable_admin";

    private static readonly (DeploymentRole Role, string Name)[] Roles =
        [(DeploymentRole.Traditional, "traditional"), (DeploymentRole.ControlPlane, "control_plane"), (DeploymentRole.DataPlane, "data_plane")];

    /// <summary>Checks <paramref name="settings"/>; <paramref name="written"/> says which keys the user wrote, and where.</summary>
    public static void Check(GatewaySettings settings, IReadOnlyDictionary<string, SettingNode> written, SettingProblems problems)
    {
        string own = Array.Find(Roles, role => role.Role == settings.Role).Name;
        foreach ((DeploymentRole role, string name) in Roles)
        {
            if (role != settings.Role)
                WarnOf($"deployment.role_{name}.config_provider", $"has no effect with deployment.role: {own}");
        }

        if (settings.Role == DeploymentRole.DataPlane)
        {
            foreach (string path in written.Keys.Where(static key => key.StartsWith("deployment.admin.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                WarnOf(path, "has no effect with deployment.role: data_plane, which has no Admin API");
            if (settings.Admin.Enable)
                WarnOf(AdminSwitch, "true has no effect with deployment.role: data_plane, which has no Admin API");
        }

        if (settings is { Role: DeploymentRole.ControlPlane, Admin.Enable: false })
            WarnOf(AdminSwitch, "false has no effect with deployment.role: control_plane, which is the Admin API");
        if (settings.IsFileDriven || !written.TryGetValue(FileKey, out SettingNode? file))
            return;
        string reason = settings.IsApiDriven
            ? "with the Admin API on, the configuration comes through PUT /apisix/admin/configs and not from a file; set apisix.enable_admin to false, or leave the key out"
            : "the configuration does not come from a file; set config_provider to yaml or json, or leave the key out";
        problems.Error(file.Origin, FileKey, "has no effect: " + reason);

        void WarnOf(string path, string message)
        {
            if (written.TryGetValue(path, out SettingNode? node))
                problems.Warning(node.Origin, path, message);
        }
    }
}
