using Headgate.Core.Config.Registries;

namespace Headgate.Settings;

/// <summary>A service registry of the settings.</summary>
/// <param name="Config">How it is reached.</param>
/// <param name="Shown">What was written, as JSON, without what is secret: for those who ask how it is reached.</param>
internal sealed record RegistrySetting(RegistryConfig Config, string Shown);
