using System.Security.Cryptography;
using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>Makes certificates ready for handshakes. Implemented by the data plane; called by the one thread that compiles snapshots.</summary>
public interface ICertificateCompiler
{
    /// <summary>Reads the certificates and keys of <paramref name="config"/>, which is a server's.</summary>
    /// <exception cref="CryptographicException">They cannot be used: a key that is too weak, two certificates for one kind of key. The message holds no key.</exception>
    ServedCertificate Compile(SslConfig config);
}
