using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Registries.Nacos;

/// <summary>An instance as Nacos wrote it.</summary>
/// <param name="At">Where in the answer it stands.</param>
/// <param name="Ip">Its host.</param>
/// <param name="Port">Not checked yet.</param>
/// <param name="Weight">0 to 10,000 with two decimals, as Nacos has it.</param>
/// <param name="Metadata">All of it, ordered by name.</param>
internal sealed record NacosInstance(string At, string? Ip, long Port, double Weight, EquatableArray<MetadataEntry> Metadata);
