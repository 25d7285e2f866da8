using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Snapshot;

/// <summary>An entry of a table of credentials. Only the compiler touches it.</summary>
/// <param name="Plugin">Whose table.</param>
/// <param name="Key">By what it is found, UTF-8.</param>
/// <param name="Owner">Key of the object that carries it.</param>
internal sealed record HeldCredential(PluginDefinition Plugin, byte[] Key, string Owner);
