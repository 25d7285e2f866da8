namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>A plugin whose running form is an <see cref="AuthenticationPlugin"/>: another one can ask it whose a request is.</summary>
internal interface IIdentifyingKind;
