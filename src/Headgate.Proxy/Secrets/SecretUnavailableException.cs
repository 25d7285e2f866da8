namespace Headgate.Proxy.Secrets;

/// <summary>A secret cannot be had; the message says why and tells no secret.</summary>
/// <param name="message">Why.</param>
/// <param name="inner">What was thrown; null = nothing.</param>
public sealed class SecretUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
