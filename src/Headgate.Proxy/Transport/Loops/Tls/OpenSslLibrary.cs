using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// Whether the system has an OpenSSL that the event loops can use: version 3.0 or later, the distribution's own, which it keeps secure. Without one, TLS is left to
/// Kestrel. Thread-safe.
/// </summary>
internal static class OpenSslLibrary
{
    private const ulong VersionMin = 0x3000_0000;

    private static readonly Lazy<string?> Found = new(Load);

    /// <summary>Whether it can be used.</summary>
    public static bool IsUsable => Problem is null;

    /// <summary>Why it cannot; null when it can.</summary>
    public static string? Problem => Found.Value;

    private static string? Load()
    {
        if (!NativeLibrary.TryLoad(OpenSsl.Crypto, out _))
            return $"{OpenSsl.Crypto} was not found";
        if (!NativeLibrary.TryLoad(OpenSsl.Ssl, out _))
            return $"{OpenSsl.Ssl} was not found";
        ulong version = OpenSsl.OpenSSL_version_num();
        if (version < VersionMin)
            return $"{OpenSsl.Crypto} has version {version:X8}, at least {VersionMin:X8} (3.0) is needed";

        // No clean-up when the process ends: it would take the ground from under loops that are still running.
        const ulong Options = OpenSsl.OPENSSL_INIT_NO_ATEXIT | OpenSsl.OPENSSL_INIT_LOAD_SSL_STRINGS | OpenSsl.OPENSSL_INIT_LOAD_CRYPTO_STRINGS;
        return OpenSsl.OPENSSL_init_ssl(Options, 0) == 1 ? null : $"{OpenSsl.Ssl} could not be initialised: {OpenSsl.TakeError()}";
    }
}
