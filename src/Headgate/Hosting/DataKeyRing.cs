using Headgate.Settings;
using Headgate.Store.Protection;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>The key ring of the data folder, which this process holds.</summary>
internal static class DataKeyRing
{
    /// <summary>Reads it; one that is not there yet is made, and said to be.</summary>
    /// <exception cref="Store.StoreUnavailableException">It cannot be read or made.</exception>
    public static KeyRing Open(GatewaySettings settings, ILoggerFactory logging)
    {
        KeyRing ring = KeyRingFile.ReadOrCreate(settings.Data, out bool created);
        if (created)
            ProtectionLog.KeyRingCreated(logging.CreateLogger<KeyRing>(), Path.Combine(Path.GetFullPath(settings.Data), KeyRingFile.FileName));
        return ring;
    }
}
