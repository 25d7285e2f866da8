using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.HmacAuth;

/// <summary>What consumers carry for <c>hmac-auth</c>.</summary>
/// <param name="KeyId">By what the consumer is found.</param>
/// <param name="SecretKey">What it signs with, UTF-8.</param>
public sealed record HmacAuthCredential(string KeyId, EquatableArray<byte> SecretKey) : PluginConfig;
