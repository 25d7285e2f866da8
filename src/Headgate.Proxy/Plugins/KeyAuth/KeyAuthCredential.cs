using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.KeyAuth;

/// <summary>What consumers carry for <c>key-auth</c>.</summary>
/// <param name="Key">The key, a secret.</param>
public sealed record KeyAuthCredential(string Key) : PluginConfig;
