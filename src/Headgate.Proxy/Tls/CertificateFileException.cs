namespace Headgate.Proxy.Tls;

/// <summary>Certificate files cannot be used; the message names settings and files, and says why.</summary>
public sealed class CertificateFileException(string message, Exception innerException) : Exception(message, innerException);
