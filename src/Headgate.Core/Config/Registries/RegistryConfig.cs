namespace Headgate.Core.Config.Registries;

/// <summary>
/// How a service registry is reached and what is asked of it: the same for one below <c>discovery</c> in the settings and for a service registry connection. Records of equal content are
/// equal: then a client goes on, otherwise another begins. A derived record overrides <c>ToString</c> as <see cref="ToString"/> does, so that no secret reaches a log.
/// </summary>
/// <param name="Type">One of <see cref="RegistryTypes.All"/>.</param>
public abstract record RegistryConfig(string Type)
{
    /// <summary>The type alone.</summary>
    public override string ToString() => $"{nameof(RegistryConfig)} {{ Type = {Type} }}";
}
