using System.Reflection;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.ProxyCache;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>
/// Plugins of users' own: <c>FOLDER/NAME/NAME.dll</c>, each public class in it that derives from <see cref="PluginKind"/> and has a constructor without parameters. Loaded once, at the
/// start. What cannot be loaded is logged and left out: requests of routes that name its plugins are answered 503, all others go on.
/// </summary>
internal static class PluginAssemblies
{
    /// <summary>The plugins that come with the gateway, and those of the folder (null = none) whose names are not taken. <paramref name="zones"/>: where <c>proxy-cache</c> keeps answers; null = as by default.</summary>
    /// <exception cref="StartException">There is no such folder.</exception>
    public static IReadOnlyList<PluginKind> Load(string? folder, ILogger logger, IReadOnlyList<CacheZoneOptions>? zones = null)
    {
        List<PluginKind> all = [.. PluginKinds.With(zones ?? CacheZoneOptions.Default)];
        if (folder is null)
            return all;
        if (!Directory.Exists(folder))
            throw new StartException($"headgate.plugin_folder: there is no folder {folder}");

        foreach (string own in Directory.EnumerateDirectories(Path.GetFullPath(folder)).Order(StringComparer.Ordinal))
        {
            string assembly = Path.Combine(own, Path.GetFileName(own) + ".dll");
            try
            {
                foreach (PluginKind kind in KindsOf(assembly))
                    Add(all, kind, assembly, logger);
            }
            catch (Exception e) // whatever somebody else's code does when it is loaded
            {
                HostingLog.PluginAssemblyFailed(logger, assembly, e);
            }
        }

        return all;
    }

    private static void Add(List<PluginKind> all, PluginKind kind, string assembly, ILogger logger)
    {
        if (all.Exists(other => other.Name == kind.Name))
        {
            HostingLog.PluginNameTaken(logger, kind.Name, assembly);
            return;
        }

        all.Add(kind);
        HostingLog.PluginLoaded(logger, kind.Name, kind.Priority, assembly);
    }

    private static List<PluginKind> KindsOf(string assembly)
    {
        Assembly loaded = new PluginLoadContext(assembly).LoadFromAssemblyPath(assembly);
        Type[] types = [.. loaded.GetExportedTypes().Where(static type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(PluginKind)))];
        return types.Length == 0
            ? throw new InvalidOperationException($"it has no public class that derives from {nameof(PluginKind)}")
            : [.. types.Select(static type => (PluginKind)Activator.CreateInstance(type)!)];
    }
}
