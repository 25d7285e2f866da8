using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.JwtAuth;

/// <summary>What consumers carry for <c>jwt-auth</c>.</summary>
/// <param name="Key">By what the consumer is found: what its tokens claim.</param>
/// <param name="Verifier">What verifies its tokens, for the one algorithm that they may have.</param>
/// <param name="GraceSeconds">By how much its clock may differ from the gateway's, from 0.</param>
internal sealed record JwtAuthCredential(string Key, JwtKey Verifier, int GraceSeconds) : PluginConfig;
