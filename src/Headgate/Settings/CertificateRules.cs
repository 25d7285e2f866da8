using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>What must hold between the keys that name certificates of listeners. What is in the files is not looked at: only who serves with them has to be able to read them.</summary>
internal static class CertificateRules
{
    /// <summary>Checks <paramref name="settings"/>; <paramref name="written"/> says which keys the user wrote, and where.</summary>
    public static void Check(GatewaySettings settings, IReadOnlyDictionary<string, SettingNode> written, SettingProblems problems)
    {
        CheckFile("headgate.tls.cert", settings.Ssl.CertFile, "headgate.tls.key", settings.Ssl.KeyFile);
        CheckFile("headgate.tls.key", settings.Ssl.KeyFile, "headgate.tls.cert", settings.Ssl.CertFile);
        if (!settings.ServesAdmin)
            return;
        AdminTlsSettings admin = settings.Admin.Tls;
        (string Key, string? File)[] files = [(AdminTlsSettings.CertKey, admin.CertFile), (AdminTlsSettings.KeyKey, admin.KeyFile), (AdminTlsSettings.ClientCaKey, admin.ClientCaFile)];
        if (!admin.Enable)
        {
            foreach ((string key, _) in files.Where(static pair => pair.File is not null))
                problems.Warning(Origin(key), key, $"has no effect unless {AdminTlsSettings.EnableKey} is true");
            return;
        }

        if (admin is { CertFile: null, KeyFile: null })
            problems.Error(Origin(AdminTlsSettings.EnableKey), AdminTlsSettings.EnableKey, $"true needs {AdminTlsSettings.CertKey} and {AdminTlsSettings.KeyKey}: Headgate brings no certificate along, unlike APISIX");
        CheckFile(AdminTlsSettings.CertKey, admin.CertFile, AdminTlsSettings.KeyKey, admin.KeyFile);
        CheckFile(AdminTlsSettings.KeyKey, admin.KeyFile, AdminTlsSettings.CertKey, admin.CertFile);
        CheckFile(AdminTlsSettings.ClientCaKey, admin.ClientCaFile, null, null);

        SettingOrigin? Origin(string path) => written.TryGetValue(path, out SettingNode? node) ? node.Origin : null;

        void CheckFile(string path, string? file, string? neededPath, string? needed)
        {
            if (file is null)
                return;
            if (neededPath is not null && needed is null)
                problems.Error(Origin(path), path, $"needs {neededPath} beside it");
            if (!File.Exists(file))
                problems.Error(Origin(path), path, $"file {Path.GetFullPath(file)} does not exist; use the path of a PEM file");
        }
    }
}
