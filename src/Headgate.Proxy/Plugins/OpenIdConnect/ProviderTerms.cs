namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>How a provider is asked: equal terms share what it said.</summary>
/// <param name="Discovery">Its discovery document.</param>
/// <param name="VerifiesTls">Whether its certificate is verified.</param>
/// <param name="Timeout">Time for each of its answers.</param>
/// <param name="KeysExpire">How old what it said becomes before it is asked again.</param>
/// <param name="NeedsKeys">Whether its keys are wanted; if not, only its name is.</param>
internal sealed record ProviderTerms(Uri Discovery, bool VerifiesTls, TimeSpan Timeout, TimeSpan KeysExpire, bool NeedsKeys);
