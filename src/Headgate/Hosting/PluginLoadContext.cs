using System.Reflection;
using System.Runtime.Loader;

namespace Headgate.Hosting;

/// <summary>
/// Where the assembly of a user's plugin and what it brings along are loaded: two plugins may bring different versions of one library. What Headgate has itself, and the framework, are
/// shared, so that its types are the same ones.
/// </summary>
/// <param name="path">The plugin's assembly.</param>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        bool isHeadgates = assemblyName.Name is { } name && (name == "headgate" || name.StartsWith("Headgate.", StringComparison.Ordinal));
        return !isHeadgates && _resolver.ResolveAssemblyToPath(assemblyName) is { } brought ? LoadFromAssemblyPath(brought) : null;
    }

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } brought ? LoadUnmanagedDllFromPath(brought) : IntPtr.Zero;
}
