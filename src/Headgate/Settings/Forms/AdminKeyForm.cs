using Headgate.Control.AdminApi;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>One entry of <c>deployment.admin.admin_key</c>: name, key, role. An empty key asks for a generated one.</summary>
internal sealed class AdminKeyForm : SettingForm<AdminKeySettings>
{
    private static readonly string[] Known = ["key", "name", "role"];
    private static readonly ScalarForm<string> Key = new("a text of printable ASCII characters without spaces, or '' to have one generated", TryKey, _ => "***", isText: true, secret: true);
    private static readonly SettingForm<AdminRole> Role = SettingForms.Choice(("admin", AdminRole.Admin), ("viewer", AdminRole.Viewer));

    /// <inheritdoc/>
    public override string Allowed => "a mapping with name, key, role";

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
            fields.Optional("role", Role, AdminRole.Admin));
        return fields.IsGood;
    }

    /// <inheritdoc/>
    public override string Show(AdminKeySettings value) =>
        $"{{name: {value.Name}, key: {(value.Key is null ? "''" : "***")}, role: {(value.Role == AdminRole.Admin ? "admin" : "viewer")}}}";

    private static bool TryKey(SettingNode.Scalar scalar, out string value)
    {
        value = scalar.Text;
        return !value.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
