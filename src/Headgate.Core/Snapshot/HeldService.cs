using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>A service whose routes are being served. Only the compiler touches it.</summary>
/// <param name="plugins">Where its plugins are kept.</param>
internal sealed class HeldService(HeldPlugins plugins)
{
    /// <summary>Its last good configuration; null once it is deleted.</summary>
    public ServiceConfig? Config { get; set; }

    /// <summary>Its inline upstream, one for all its routes; null when it has none.</summary>
    public HeldUpstream? Inline { get; set; }

    /// <summary>Its plugins.</summary>
    public HeldPlugins Plugins { get; } = plugins;
}
