using Headgate.Core.Config.Registries;

namespace Headgate.Proxy.Registries.ConsulKv;

/// <summary>
/// The name of a service in the key-value store. APISIX writes all of it, <c>http://HOST:PORT/v1/kv/PREFIX/FOLDER/</c>; here <c>PREFIX/FOLDER</c> and <c>FOLDER</c> do too, and mean any server.
/// </summary>
/// <param name="Server">Address of the server; null = any.</param>
/// <param name="Folder">Below the prefix, without a slash at its ends.</param>
internal sealed record ConsulKvName(Uri? Server, string Folder)
{
    private const string Store = "/v1/kv/";

    /// <summary>Understands a name.</summary>
    public static ConsulKvName Read(string name, ConsulKvConfig config)
    {
        Uri? server = null;
        if (Uri.TryCreate(name, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
        {
            server = new Uri(address.GetLeftPart(UriPartial.Authority));
            int store = name.IndexOf(Store, StringComparison.Ordinal);
            name = store < 0 ? "" : name[(store + Store.Length)..];
        }

        string folder = name.Trim('/');
        string prefix = config.Prefix + "/";
        return new ConsulKvName(server, folder.StartsWith(prefix, StringComparison.Ordinal) ? folder[prefix.Length..] : folder);
    }

    /// <summary>The name of a folder at a server, as APISIX has it.</summary>
    public static string Write(Uri server, ConsulKvConfig config, string folder) => $"{server.GetLeftPart(UriPartial.Authority)}{Store}{config.Prefix}/{folder}/";
}
