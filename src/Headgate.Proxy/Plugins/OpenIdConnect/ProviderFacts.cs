namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>What a provider has said about itself. Immutable.</summary>
/// <param name="Issuer">Its name, as its tokens have it.</param>
/// <param name="Keys">Its keys; none where they are not wanted.</param>
internal sealed record ProviderFacts(byte[] Issuer, VerificationKeys Keys);
