using Headgate.Control.AdminApi;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>One entry of <c>deployment.admin.admin_key</c>: name, key, role, and where it counts. An empty key asks for a generated one.</summary>
internal sealed class AdminKeyForm : SettingForm<AdminKeySettings>
{
    private static readonly string[] Known = ["gateway_group_id", "key", "name", "role", "workspace_id"];
    private static readonly ScalarForm<string> Key = new("a text of printable ASCII characters without spaces, or '' to have one generated", TryKey, _ => "***", isText: true, secret: true);
    private static readonly SettingForm<AdminRole> Role = SettingForms.Choice(("admin", AdminRole.Admin), ("viewer", AdminRole.Viewer));
    private static readonly ScalarForm<string?> Id = new("1 to 64 of a-z A-Z 0-9 - _ .", TryId, v => v ?? "", isText: true);

    /// <inheritdoc/>
    public override string Allowed => "a mapping with name, key, role, gateway_group_id, workspace_id";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out AdminKeySettings value)
    {
        value = null!;
        if (node is not SettingNode.Map map)
        {
            // Not NotAllowed: what stands here may well be the key itself.
            problems.Error(node.Origin, path, $"the given value is not allowed; use {Allowed}");
            return false;
        }

        var fields = new MapFields(map, path, problems, Known, []);
        string? key = fields.Optional("key", Key, "");
        value = new AdminKeySettings(
            fields.Required("name", SettingForms.Text),
            string.IsNullOrEmpty(key) ? null : key,
            fields.Optional("role", Role, AdminRole.Admin))
        {
            Group = fields.Optional("gateway_group_id", Id, null),
            Workspace = fields.Optional("workspace_id", Id, null),
        };
        return fields.IsGood;
    }

    /// <inheritdoc/>
    public override string Show(AdminKeySettings value) =>
        $"{{name: {value.Name}, key: {(value.Key is null ? "''" : "***")}, role: {(value.Role == AdminRole.Admin ? "admin" : "viewer")}{Where("gateway_group_id", value.Group)}{Where("workspace_id", value.Workspace)}}}";

    private static string Where(string name, string? id) => id is null ? "" : $", {name}: {id}";

    private static bool TryId(SettingNode.Scalar scalar, out string? value)
    {
        value = scalar.Text;
        return AdminKey.IsPlace(value);
    }

    private static bool TryKey(SettingNode.Scalar scalar, out string value)
    {
        value = scalar.Text;
        return !value.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
