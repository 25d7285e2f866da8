using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.RealIp;

/// <summary>Configuration of <c>real-ip</c>. Source: APISIX, <c>apisix/plugins/real-ip.lua</c>.</summary>
/// <param name="Source">The variable that holds the client's address.</param>
/// <param name="TrustedAddresses">Addresses and CIDR ranges of peers that are believed; empty = all are.</param>
/// <param name="Recursive">Whether of several addresses in X-Forwarded-For the last one that is not trusted counts, instead of the last.</param>
public sealed record RealIpConfig(string Source, EquatableArray<string> TrustedAddresses, bool Recursive) : PluginConfig;
