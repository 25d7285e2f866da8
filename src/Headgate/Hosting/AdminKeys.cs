using System.Net;
using System.Security.Cryptography;
using System.Text;
using Headgate.Control.AdminApi;
using Headgate.Proxy.Explain;
using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>The admin keys in force: those of the settings, and the generated one in the place of an admin without a key.</summary>
/// <param name="Keys">All of them; empty when no key is asked for.</param>
/// <param name="GeneratedFile">File of the generated key; null when none was needed.</param>
internal sealed record AdminKeys(IReadOnlyList<AdminKey> Keys, string? GeneratedFile)
{
    /// <summary>The first that may write, one that may write everything before others; empty when no key is asked for. Never logged.</summary>
    public string First => Keys.Where(static k => k.Role == AdminRole.Admin).OrderByDescending(static k => k.Group is null).FirstOrDefault()?.Key ?? "";

    /// <summary>Lets those who may write everything ask by a header what is done with a request, from the addresses that may use the Admin API.</summary>
    public ExplainHeaderOptions ForExplaining(IReadOnlyList<IPNetwork> allowed) =>
        new([.. Keys.Where(static k => k is { Role: AdminRole.Admin, Group: null }).Select(static k => SHA256.HashData(Encoding.UTF8.GetBytes(k.Key)))], allowed);

    /// <summary>Reads or makes the generated key where one is needed. Call it while the data folder is held by this process.</summary>
    /// <exception cref="StartException">The key's file cannot be read or made.</exception>
    public static AdminKeys Resolve(GatewaySettings gateway)
    {
        (AdminSettings settings, string dataFolder) = (gateway.Admin, gateway.Data);
        if (!settings.KeyRequired || !gateway.ServesAdmin)
            return new AdminKeys([], null);
        IReadOnlyList<AdminKeySettings> written = settings.Keys.Count > 0 ? settings.Keys : [new AdminKeySettings("admin", null, AdminRole.Admin)];
        if (written.All(k => k.Key is not null))
            return new AdminKeys([.. written.Select(k => Of(k, k.Key!))], null);
        string generated = AdminKeyFile.ReadOrCreate(dataFolder);
        return new AdminKeys([.. written.Select(k => Of(k, k.Key ?? generated))], AdminKeyFile.PathIn(dataFolder));
    }

    private static AdminKey Of(AdminKeySettings settings, string key) => new(settings.Name, key, settings.Role) { Group = settings.Group, Workspace = settings.Workspace };
}
