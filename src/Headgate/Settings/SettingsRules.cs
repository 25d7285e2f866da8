using System.Net;
using Headgate.Control.AdminApi;
using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>What must hold between keys, and what is allowed but risky.</summary>
internal static class SettingsRules
{
    /// <summary>The admin key that APISIX's documentation and images carried for years: everyone knows it.</summary>
    public const string WellKnownAdminKey = "edd1c9f034335f136f87ad84b625c8f1";

    /// <summary>Checks <paramref name="settings"/>; <paramref name="written"/> says which keys the user wrote, and where.</summary>
    public static void Check(GatewaySettings settings, IReadOnlyDictionary<string, SettingNode> written, SettingProblems problems)
    {
        CertificateRules.Check(settings, written, problems);
        RoleRules.Check(settings, written, problems);
        CheckAdminKeys(settings.Admin, settings.ServesAdmin, Origin(written, "deployment.admin.admin_key"), problems);
        CheckListeners(settings, written, problems);
        EtcdRules.Check(settings, written, problems);
        ControlPlaneRules.Check(settings, written, problems);
        CheckAccessLog(settings.AccessLog, written, problems);
        bool hasKey = settings is { ServesAdmin: true, Admin: { KeyRequired: true } admin } && (admin.Keys.Count == 0 || admin.Keys.Items.Any(static key => key.IsWhole));
        if (settings.ExplainsByHeader && !hasKey)
        {
            problems.Error(
                Origin(written, "headgate.explain.header"), "headgate.explain.header",
                "true has no effect without a key of role admin; the Admin API has to be on, to ask for keys (deployment.admin.admin_key_required) and to have one of role admin without gateway_group_id");
        }
        if (settings.Limits.Heads.StartLineBytesMax > settings.Limits.Heads.HeadBytesMax)
        {
            problems.Error(
                Origin(written, "headgate.limits.start_line_bytes_max"), "headgate.limits.start_line_bytes_max",
                $"{settings.Limits.Heads.StartLineBytesMax} is more than headgate.limits.head_bytes_max ({settings.Limits.Heads.HeadBytesMax}), which holds the request line; use no more than that");
        }
    }

    private static void CheckAdminKeys(AdminSettings admin, bool served, SettingOrigin? origin, SettingProblems problems)
    {
        const string Path = "deployment.admin.admin_key";
        for (int i = 0; i < admin.Keys.Count; i++)
        {
            AdminKeySettings key = admin.Keys[i];
            if (key.Key == WellKnownAdminKey)
                problems.Warning(origin, $"{Path}[{i}].key", "is the key from APISIX's documentation, which everyone knows; use one of your own, or '' to have one generated");
            if (key is { Key: null, Role: AdminRole.Viewer })
                problems.Error(origin, $"{Path}[{i}].key", "missing; only a key of role admin is generated");
            if (key is { Workspace: not null, Group: null })
                problems.Error(origin, $"{Path}[{i}].workspace_id", "needs gateway_group_id beside it; the ids of workspaces are each group's own");
            if (admin.Keys.Items.Take(i).Any(k => k.Name == key.Name))
                problems.Error(origin, $"{Path}[{i}].name", $"{key.Name} is taken by an earlier key; use another name");
            if (key.Key is not null && admin.Keys.Items.Take(i).Any(k => k.Key == key.Key))
                problems.Error(origin, $"{Path}[{i}].key", "is the same as an earlier key; use another");
        }

        if (admin.Keys.Items.Count(k => k is { Key: null, Role: AdminRole.Admin }) > 1)
            problems.Error(origin, Path, "has more than one admin without a key; one can be generated");
        bool loopback = admin.AllowAdmin.Count > 0 && admin.AllowAdmin.Items.All(r => IPAddress.IsLoopback(r.BaseAddress));
        if (served && !admin.KeyRequired && !loopback)
            problems.Warning(null, "deployment.admin.admin_key_required", "false lets everyone that deployment.admin.allow_admin lets in change the gateway, without a key");
    }

    private static void CheckAccessLog(AccessLogSettings log, IReadOnlyDictionary<string, SettingNode> written, SettingProblems problems)
    {
        const string Template = "nginx_config.http.access_log_format";
        foreach (string path in (string[])["headgate.access_log.format", "headgate.access_log.buffer_bytes"])
        {
            if (!log.Enable && Origin(written, path) is { } origin)
                problems.Error(origin, path, "has no effect without an access log; set nginx_config.http.enable_access_log to true");
        }

        if (log is { Enable: true, Style: AccessLogStyle.Json } && Origin(written, Template) is { } template)
            problems.Error(template, Template, "has no effect with headgate.access_log.format: json; leave one of the two out");
        if (log.Enable)
        {
            foreach (string name in log.Format.UnknownVariables)
                problems.Warning(Origin(written, Template), Template, $"${name} is not known here and stays empty");
        }
    }

    private static void CheckListeners(GatewaySettings settings, IReadOnlyDictionary<string, SettingNode> written, SettingProblems problems)
    {
        var earlier = new List<ListenerPlan>();
        foreach (ListenerPlan plan in ListenerPlan.All(settings))
        {
            ListenerPlan? clash = earlier.Find(e => e.Clashes(plan));
            if (clash is not null)
            {
                string address = plan.Address is null ? $"port {plan.Listen.Port}" : new IPEndPoint(plan.Address, plan.Listen.Port).ToString();
                problems.Error(Origin(written, plan.Key), plan.Path, $"{address} is taken by {clash.Path}; use another port");
            }

            earlier.Add(plan);
        }
    }

    private static SettingOrigin? Origin(IReadOnlyDictionary<string, SettingNode> written, string path) =>
        written.TryGetValue(path, out SettingNode? node) ? node.Origin : null;
}
