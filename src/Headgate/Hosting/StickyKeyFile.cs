using System.Text;
using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>The key of sticky cookies: <c>headgate.sticky_key</c>, else the generated one in the file <c>sticky.key</c> of the data folder.</summary>
internal static class StickyKeyFile
{
    /// <summary>The key in force; a start after this one finds the same.</summary>
    /// <exception cref="StartException">The file cannot be read or made, or holds no key.</exception>
    public static byte[] Resolve(GatewaySettings settings) =>
        Encoding.UTF8.GetBytes(settings.StickyKey?.Value ?? GeneratedKey.ReadOrCreate(Path.Combine(Path.GetFullPath(settings.Data), "sticky.key"), "key for sticky cookies"));
}
