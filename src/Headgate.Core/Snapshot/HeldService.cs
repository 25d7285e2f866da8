using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>A service whose routes are being served. Only the compiler touches it.</summary>
internal sealed class HeldService
{
    /// <summary>Its last good configuration; null once it is deleted.</summary>
    public ServiceConfig? Config { get; set; }

    /// <summary>Its inline upstream, one for all its routes; null when it has none.</summary>
    public HeldUpstream? Inline { get; set; }

    /// <summary>The upstreams that its plugins bring, by owner; null, as mostly, when they bring none.</summary>
    public Dictionary<string, HeldUpstream>? OfPlugins { get; set; }
}
