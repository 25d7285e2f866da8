using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>Certificates and .NET clients for the tests of TLS.</summary>
internal static class TlsClients
{
    public static readonly TestCertificates Certificates = new();

    public static readonly ServerCertificate Ecdsa = new(Certificates.Issue("gateway.test"));

    public static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    public static SslClientAuthenticationOptions Options(SslProtocols protocols = SslProtocols.None, params string[] offered) => new()
    {
        TargetHost = "gateway.test",
        EnabledSslProtocols = protocols,
        ApplicationProtocols = offered.Length == 0 ? null : [.. offered.Select(name => new SslApplicationProtocol(name))],
        AllowTlsResume = false, // the sessions that .NET keeps are the process's: one test would see those of another
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { Certificates.Authority },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };

    public static async Task<SslStream> ShakeHandsAsync(Stream below, SslClientAuthenticationOptions? options = null)
    {
        var stream = new SslStream(below);
        await stream.AuthenticateAsClientAsync(options ?? Options(), TestContext.Current.CancellationToken);
        return stream;
    }

    public static async Task<SslStream> OpenAsync(int port, SslClientAuthenticationOptions? options = null) =>
        await ShakeHandsAsync(new NetworkStream(Connect(port), ownsSocket: true), options);
}
