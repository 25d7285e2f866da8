using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// What is used of OpenSSL 3, under its own names (man pages: SSL_read(3), BIO_meth_new(3), ...). Nothing here may be called before
/// <see cref="OpenSslLibrary.IsUsable"/> said yes.
/// </summary>
internal static unsafe partial class OpenSsl
{
    public const ulong OPENSSL_INIT_NO_ATEXIT = 0x0008_0000;
    public const ulong OPENSSL_INIT_LOAD_SSL_STRINGS = 0x0020_0000;
    public const ulong OPENSSL_INIT_LOAD_CRYPTO_STRINGS = 0x2;

    public const ulong SSL_OP_NO_TICKET = 1UL << 14;
    public const ulong SSL_OP_NO_COMPRESSION = 1UL << 17;
    public const ulong SSL_OP_PRIORITIZE_CHACHA = 1UL << 21;
    public const ulong SSL_OP_CIPHER_SERVER_PREFERENCE = 1UL << 22;
    public const ulong SSL_OP_NO_RENEGOTIATION = 1UL << 30;

    public const nint SSL_MODE_ENABLE_PARTIAL_WRITE = 0x1;
    public const nint SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER = 0x2;
    public const nint SSL_MODE_NO_AUTO_CHAIN = 0x8;
    public const nint SSL_MODE_RELEASE_BUFFERS = 0x10;

    public const int SSL_CTRL_MODE = 33;
    public const int SSL_CTRL_SET_SESS_CACHE_MODE = 44;
    public const int SSL_CTRL_CHAIN_CERT = 89;
    public const int SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    public const int SSL_CTRL_SET_MAX_PROTO_VERSION = 124;
    public const nint SSL_SESS_CACHE_OFF = 0;
    public const nint TLS1_2_VERSION = 0x0303;
    public const nint TLS1_3_VERSION = 0x0304;

    public const int SSL_VERIFY_PEER = 0x1;
    public const int SSL_VERIFY_FAIL_IF_NO_PEER_CERT = 0x2;
    public const long X509_V_OK = 0;

    public const int SSL_ERROR_WANT_READ = 2;
    public const int SSL_ERROR_WANT_WRITE = 3;
    public const int SSL_ERROR_ZERO_RETURN = 6;

    public const int SSL_TLSEXT_ERR_OK = 0;
    public const int SSL_TLSEXT_ERR_ALERT_FATAL = 2;
    public const int TLSEXT_NAMETYPE_host_name = 0;

    public const int BIO_TYPE_SOURCE_SINK = 0x400;
    public const int BIO_FLAGS_READ = 0x1;
    public const int BIO_FLAGS_WRITE = 0x2;
    public const int BIO_FLAGS_SHOULD_RETRY = 0x8;
    public const int BIO_FLAGS_RETRY_ALL = 0xF;
    public const int BIO_CTRL_FLUSH = 11;

    public const string Ssl = "libssl.so.3";
    public const string Crypto = "libcrypto.so.3";

    [LibraryImport(Crypto)]
    public static partial ulong OpenSSL_version_num();

    [LibraryImport(Ssl)]
    public static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport(Ssl)]
    public static partial nint TLS_server_method();

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(Ssl)]
    public static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(nint context, string list);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_certificate(nint context, nint certificate);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_PrivateKey(nint context, nint key);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_alpn_select_cb(nint context, delegate* unmanaged<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_verify(nint context, int mode, delegate* unmanaged<int, nint, int> callback);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_verify_depth(nint context, int depth);

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_get_cert_store(nint context);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_add_client_CA(nint context, nint certificate);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_session_id_context(nint context, byte* bytes, uint length);

    [LibraryImport(Ssl)]
    public static partial long SSL_get_verify_result(nint ssl);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get0_peer_certificate(nint ssl);

    [LibraryImport(Crypto)]
    public static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport(Ssl)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    public static partial void SSL_free(nint ssl);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_bio(nint ssl, nint reader, nint writer);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_read(nint ssl, byte* into, int length);

    [LibraryImport(Ssl)]
    public static partial int SSL_write(nint ssl, byte* bytes, int length);

    [LibraryImport(Ssl), SuppressGCTransition]
    public static partial int SSL_pending(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get_servername(nint ssl, int type);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get_version(nint ssl);

    [LibraryImport(Crypto), SuppressGCTransition]
    public static partial void ERR_clear_error();

    [LibraryImport(Crypto)]
    public static partial ulong ERR_peek_error();

    [LibraryImport(Crypto)]
    public static partial nint ERR_reason_error_string(ulong code);

    [LibraryImport(Crypto)]
    public static partial nint d2i_X509(nint reuse, byte** bytes, nint length);

    [LibraryImport(Crypto)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Crypto)]
    public static partial nint d2i_AutoPrivateKey(nint reuse, byte** bytes, nint length);

    [LibraryImport(Crypto)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Crypto)]
    public static partial int BIO_get_new_index();

    [LibraryImport(Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(Crypto)]
    public static partial int BIO_meth_set_read(nint method, delegate* unmanaged<nint, byte*, int, int> read);

    [LibraryImport(Crypto)]
    public static partial int BIO_meth_set_write(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [LibraryImport(Crypto)]
    public static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged<nint, int, nint, nint, nint> control);

    [LibraryImport(Crypto)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    public static partial int BIO_free(nint bio);

    [LibraryImport(Crypto)]
    public static partial void BIO_set_init(nint bio, int init);

    [LibraryImport(Crypto)]
    public static partial void BIO_set_data(nint bio, void* data);

    [LibraryImport(Crypto), SuppressGCTransition]
    public static partial void* BIO_get_data(nint bio);

    [LibraryImport(Crypto), SuppressGCTransition]
    public static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Crypto), SuppressGCTransition]
    public static partial void BIO_clear_flags(nint bio, int flags);

    /// <summary>What the oldest error in this thread's queue says, for people; the queue is left empty.</summary>
    public static string TakeError()
    {
        ulong code = ERR_peek_error();
        ERR_clear_error();
        return ReasonOf(code);
    }

    /// <summary>What <paramref name="code"/> of the error queue says, for people.</summary>
    public static string ReasonOf(ulong code) =>
        code == 0 ? "no reason given" : Marshal.PtrToStringUTF8(ERR_reason_error_string(code)) ?? $"OpenSSL error {code:X8}";
}
