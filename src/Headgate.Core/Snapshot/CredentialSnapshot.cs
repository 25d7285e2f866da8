using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Snapshot;

/// <summary>One way for a consumer to say who it is, as it is served. Immutable, shared by all threads.</summary>
/// <param name="Consumer">Whose it is.</param>
/// <param name="Config">What the authenticating plugin has read (<see cref="PluginDefinition.ReadCredential"/>).</param>
/// <param name="Id">Id of the credential below its consumer, UTF-8; empty when the consumer carries it itself.</param>
public sealed record CredentialSnapshot(ConsumerSnapshot Consumer, PluginConfig Config, ReadOnlyMemory<byte> Id);
