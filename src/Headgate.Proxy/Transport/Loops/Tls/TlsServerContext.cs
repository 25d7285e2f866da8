using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Proxy.Tls;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// What all TLS connections to clients under one certificate have in common: certificate, key, protocols, ciphers, the keys of session tickets. Immutable and
/// thread-safe; shared by the loops. Disposing it ends the making of connections, not those that were made: they hold what they need (OpenSSL counts references).
/// <para>
/// TLS 1.2 and 1.3. With 1.2, ECDHE and authenticated encryption only. The server's order of ciphers counts, except that a client that puts ChaCha20 first (it has no
/// AES in hardware) gets it. No renegotiation, no compression, no early data. Sessions are resumed by stateless tickets under keys that live as long as this object.
/// </para>
/// </summary>
internal sealed unsafe class TlsServerContext : IDisposable
{
    private const string Tls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

    private readonly SslContextHandle _context;

    /// <summary>Reads certificates, their chains and their keys into OpenSSL, which shows each client the one whose kind of key it takes.</summary>
    /// <param name="certificates">At least one; of several each has a key of another kind.</param>
    /// <param name="protocols">Versions that are spoken, of 1.2 and 1.3.</param>
    /// <param name="clients">What clients are asked for; null = nothing. Without resumption then: each handshake proves the client anew.</param>
    /// <exception cref="CryptographicException">OpenSSL refuses them (a key below its security level), or a key cannot be exported.</exception>
    /// <exception cref="InvalidOperationException">There is no OpenSSL to be used: see <see cref="OpenSslLibrary.Problem"/>.</exception>
    public TlsServerContext(IReadOnlyList<ServerCertificate> certificates, SslProtocols protocols, ClientVerification? clients)
    {
        if (OpenSslLibrary.Problem is { } problem)
            throw new InvalidOperationException(problem);
        OpenSsl.ERR_clear_error();
        nint context = OpenSsl.SSL_CTX_new(OpenSsl.TLS_server_method());
        _context = new SslContextHandle(context);
        try
        {
            Check(context != 0, "make a TLS context");
            Configure(context, protocols);
            foreach (ServerCertificate certificate in certificates)
                Use(context, certificate);
            if (clients is not null)
                Ask(context, clients);
        }
        catch
        {
            _context.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A connection's TLS, on the calling thread's <see cref="TlsWire"/> and from now on of that thread; null when this was disposed or there is no memory.
    /// </summary>
    public TlsSession? Open()
    {
        bool held = false;
        nint ssl = 0;
        try
        {
            _context.DangerousAddRef(ref held);
            ssl = OpenSsl.SSL_new(_context.DangerousGetHandle());
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            if (held)
                _context.DangerousRelease();
        }

        nint bio = ssl == 0 ? 0 : TlsWire.Current.NewBio();
        if (bio == 0)
        {
            OpenSsl.SSL_free(ssl); // of 0 it does nothing
            OpenSsl.ERR_clear_error();
            return null;
        }

        OpenSsl.SSL_set_bio(ssl, bio, bio);
        OpenSsl.SSL_set_accept_state(ssl);
        return new TlsSession(ssl, TlsWire.Current);
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private static void Configure(nint context, SslProtocols protocols)
    {
        nint lowest = protocols.HasFlag(SslProtocols.Tls12) ? OpenSsl.TLS1_2_VERSION : OpenSsl.TLS1_3_VERSION;
        nint highest = protocols.HasFlag(SslProtocols.Tls13) ? OpenSsl.TLS1_3_VERSION : OpenSsl.TLS1_2_VERSION;
        Check(OpenSsl.SSL_CTX_ctrl(context, OpenSsl.SSL_CTRL_SET_MIN_PROTO_VERSION, lowest, 0) == 1, "set the lowest TLS version");
        Check(OpenSsl.SSL_CTX_ctrl(context, OpenSsl.SSL_CTRL_SET_MAX_PROTO_VERSION, highest, 0) == 1, "set the highest TLS version");
        Check(OpenSsl.SSL_CTX_set_cipher_list(context, Tls12Ciphers) == 1, "set the ciphers of TLS 1.2");
        _ = OpenSsl.SSL_CTX_set_options(
            context,
            OpenSsl.SSL_OP_NO_COMPRESSION | OpenSsl.SSL_OP_NO_RENEGOTIATION | OpenSsl.SSL_OP_CIPHER_SERVER_PREFERENCE | OpenSsl.SSL_OP_PRIORITIZE_CHACHA);

        // Released buffers: an idle connection holds no record buffers (two of 17 KiB). Partial writes are not wanted, a buffer that moves between two tries is.
        _ = OpenSsl.SSL_CTX_ctrl(
            context, OpenSsl.SSL_CTRL_MODE, OpenSsl.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | OpenSsl.SSL_MODE_NO_AUTO_CHAIN | OpenSsl.SSL_MODE_RELEASE_BUFFERS, 0);

        // Tickets need no memory here; a cache would, and a lock that all loops take.
        _ = OpenSsl.SSL_CTX_ctrl(context, OpenSsl.SSL_CTRL_SET_SESS_CACHE_MODE, OpenSsl.SSL_SESS_CACHE_OFF, 0);
        OpenSsl.SSL_CTX_set_alpn_select_cb(context, &SelectProtocol, 0);
    }

    private static void Use(nint context, ServerCertificate certificate)
    {
        nint leaf = Read(certificate.Leaf);
        int used = OpenSsl.SSL_CTX_use_certificate(context, leaf);
        OpenSsl.X509_free(leaf);
        Check(used == 1, "use the certificate");
        foreach (X509Certificate2 intermediate in certificate.Intermediates)
        {
            nint next = Read(intermediate);
            nint added = OpenSsl.SSL_CTX_ctrl(context, OpenSsl.SSL_CTRL_CHAIN_CERT, 1, next);
            OpenSsl.X509_free(next);
            Check(added == 1, "use a certificate of the chain");
        }

        nint key = ReadKey(certificate.Leaf);
        used = OpenSsl.SSL_CTX_use_PrivateKey(context, key);
        OpenSsl.EVP_PKEY_free(key);
        Check(used == 1 && OpenSsl.SSL_CTX_check_private_key(context) == 1, "use the certificate's key");
    }

    private static void Ask(nint context, ClientVerification clients)
    {
        nint store = OpenSsl.SSL_CTX_get_cert_store(context);
        foreach (X509Certificate2 authority in clients.Authorities)
        {
            nint trusted = Read(authority);
            bool added = OpenSsl.X509_STORE_add_cert(store, trusted) == 1 && OpenSsl.SSL_CTX_add_client_CA(context, trusted) == 1;
            OpenSsl.X509_free(trusted);
            Check(added, "trust an authority of clients");
        }

        OpenSsl.SSL_CTX_set_verify_depth(context, clients.Depth);
        if (clients.RefusesInHandshake)
            OpenSsl.SSL_CTX_set_verify(context, OpenSsl.SSL_VERIFY_PEER | OpenSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT, null);
        else
            OpenSsl.SSL_CTX_set_verify(context, OpenSsl.SSL_VERIFY_PEER, &GoOn);
        _ = OpenSsl.SSL_CTX_set_options(context, OpenSsl.SSL_OP_NO_TICKET);
        Check(OpenSsl.SSL_CTX_set_num_tickets(context, 0) == 1, "forbid session tickets");
    }

    /// <summary>A certificate that is not good ends no handshake: what was wrong with it stays as the result (SSL_get_verify_result), and its requests are judged by that.</summary>
    [UnmanagedCallersOnly]
    private static int GoOn(int succeeded, nint verification) => 1;

    private static nint Read(X509Certificate2 certificate)
    {
        ReadOnlySpan<byte> bytes = certificate.RawDataMemory.Span;
        fixed (byte* start = bytes)
        {
            byte* at = start;
            nint read = OpenSsl.d2i_X509(0, &at, bytes.Length);
            Check(read != 0, "read a certificate");
            return read;
        }
    }

    private static nint ReadKey(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()
            ?? throw new CryptographicException("the certificate's key is neither an RSA nor an ECDSA key that can be read");
        byte[] bytes = key.ExportPkcs8PrivateKey();
        try
        {
            fixed (byte* start = bytes)
            {
                byte* at = start;
                nint read = OpenSsl.d2i_AutoPrivateKey(0, &at, bytes.Length);
                Check(read != 0, "read the certificate's key");
                return read;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>
    /// ALPN (RFC 7301): HTTP/1.1 when it is offered. What does not offer it cannot be served here (HTTP/2 is not this far: its connections are told apart by their
    /// ClientHello), and gets the alert that the RFC asks for.
    /// </summary>
    [UnmanagedCallersOnly]
    private static int SelectProtocol(nint ssl, byte** selected, byte* selectedLength, byte* offered, uint offeredLength, nint argument)
    {
        for (uint at = 0; at < offeredLength;)
        {
            byte length = offered[at];
            if (length > offeredLength - at - 1)
                break;
            if (new ReadOnlySpan<byte>(offered + at + 1, length).SequenceEqual("http/1.1"u8))
            {
                *selected = offered + at + 1;
                *selectedLength = length;
                return OpenSsl.SSL_TLSEXT_ERR_OK;
            }

            at += length + 1u;
        }

        return OpenSsl.SSL_TLSEXT_ERR_ALERT_FATAL;
    }

    private static void Check(bool succeeded, string what)
    {
        if (!succeeded)
            throw new CryptographicException($"OpenSSL cannot {what}: {OpenSsl.TakeError()}");
    }
}
