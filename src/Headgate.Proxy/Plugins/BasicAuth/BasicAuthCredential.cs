using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.BasicAuth;

/// <summary>What consumers carry for <c>basic-auth</c>.</summary>
/// <param name="Username">By what the consumer is found.</param>
/// <param name="PasswordDigest">SHA-256 of the password in UTF-8: digests are compared in a time that tells nothing of the password, not even its length.</param>
public sealed record BasicAuthCredential(string Username, EquatableArray<byte> PasswordDigest) : PluginConfig;
