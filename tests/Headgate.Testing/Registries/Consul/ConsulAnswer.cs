using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Consul;

/// <summary>What a <see cref="ConsulState"/> says to a question.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Body">Makes what goes with it, of that index or a later one; null = there is none.</param>
public sealed record ConsulAnswer(ulong Index, Func<JsonNode?> Body);
