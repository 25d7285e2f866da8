using Headgate.Settings;

namespace Headgate.Tests.Settings;

public sealed class RoleSettingsTests
{
    [Theory]
    [InlineData("{}", "Embedded admin traffic")]
    [InlineData("apisix: {enable_admin: false}", "Embedded traffic")]
    [InlineData("deployment: {role_traditional: {config_provider: etcd}}", "Etcd admin traffic")]
    [InlineData("deployment: {role_traditional: {config_provider: yaml}}", "Yaml admin traffic given")]
    [InlineData("{apisix: {enable_admin: false}, deployment: {role_traditional: {config_provider: yaml}}}", "Yaml traffic file")]
    [InlineData("deployment: {role: control_plane}", "Etcd admin")]
    [InlineData("{apisix: {enable_admin: false}, deployment: {role: control_plane}}", "Etcd admin")]
    [InlineData("deployment: {role: data_plane}", "Etcd traffic")]
    [InlineData("deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}", "Yaml traffic file")]
    [InlineData("deployment: {role: data_plane, role_data_plane: {config_provider: json}}", "Json traffic file")]
    public void Read_RoleAndProvider_SayWhatIsServedAndFromWhere(string yaml, string expected)
    {
        GatewaySettings settings = Load.Good(yaml);

        string[] words =
        [
            $"{settings.ConfigProvider}", settings.ServesAdmin ? "admin" : "", settings.ServesTraffic ? "traffic" : "", settings.IsApiDriven ? "given" : "", settings.IsFileDriven ? "file" : "",
        ];
        string.Join(' ', words.Where(word => word.Length > 0)).ShouldBe(expected);
        ListenerPurpose[] listeners = [.. ListenerPlan.All(settings).Select(plan => plan.Purpose)];
        listeners.Contains(ListenerPurpose.Admin).ShouldBe(settings.ServesAdmin);
        listeners.Contains(ListenerPurpose.Http).ShouldBe(settings.ServesTraffic);
        listeners.Contains(ListenerPurpose.Https).ShouldBe(settings.ServesTraffic);
        listeners.ShouldContain(ListenerPurpose.Status);
        listeners.ShouldContain(ListenerPurpose.Control);
        listeners.ShouldContain(ListenerPurpose.Metrics);
    }

    [Theory]
    [InlineData("deployment: {role_data_plane: {config_provider: yaml}}", "config.yaml:1: deployment.role_data_plane.config_provider: has no effect with deployment.role: traditional")]
    [InlineData("deployment: {role: data_plane, role_traditional: {config_provider: embedded}}", "config.yaml:1: deployment.role_traditional.config_provider: has no effect with deployment.role: data_plane")]
    [InlineData(
        "{apisix: {enable_admin: true}, deployment: {role: data_plane, admin: {admin_key_required: false}}}",
        "config.yaml:1: deployment.admin.admin_key_required: has no effect with deployment.role: data_plane, which has no Admin API|"
        + "config.yaml:1: apisix.enable_admin: true has no effect with deployment.role: data_plane, which has no Admin API")]
    [InlineData(
        "{apisix: {enable_admin: false}, deployment: {role: control_plane}}", "config.yaml:1: apisix.enable_admin: false has no effect with deployment.role: control_plane, which is the Admin API")]
    public void Read_WithoutEffectInTheRole_Warns(string yaml, string expected) => string.Join('|', Load.Warnings(yaml)).ShouldBe(expected);

    [Theory]
    [InlineData("/etc/headgate/config.yaml", "yaml", null, "/etc/headgate/apisix.yaml")]
    [InlineData("/etc/headgate/config.yaml", "json", null, "/etc/headgate/apisix.json")]
    [InlineData("/etc/headgate/config.yaml", "yaml", "/srv/routes.yaml", "/srv/routes.yaml")]
    [InlineData("config.yaml", "yaml", null, "./apisix.yaml")]
    [InlineData("conf/config.yaml", "yaml", "routes.yaml", "./routes.yaml")]
    public void StandalonePath_IsBesideTheConfigurationFile_UnlessNamed(string configFile, string provider, string? named, string expected)
    {
        string yaml = $"{{deployment: {{role: data_plane, role_data_plane: {{config_provider: {provider}}}}}{(named is null ? "" : $", headgate: {{standalone: {{file: {named}}}}}")}}}";

        SettingsReader.Read(yaml, configFile, new Dictionary<string, string>()).Settings.StandalonePath.ShouldBe(Path.GetFullPath(expected));
    }
}
