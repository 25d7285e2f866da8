using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// Whether the system has an OpenSSL that the event loops can use: version 3.0 or later, the distribution's own, which it keeps secure. Without one, TLS is left to
/// Kestrel. Thread-safe.
/// </summary>
internal static class OpenSslLibrary
{
    // 3.0.0, as OpenSSL_version_num(3) writes it.
    private const ulong VersionMin = 0x3000_0000;

    private static readonly Lazy<string?> Found = new(static () => Load(OpenSsl.Crypto, OpenSsl.Ssl, VersionMin));
    private static string? s_pretended;

    /// <summary>Whether it can be used.</summary>
    public static bool IsUsable => Problem is null;

    /// <summary>Why it cannot; null when it can.</summary>
    public static string? Problem => s_pretended ?? Found.Value;

    /// <summary>Makes every later look find <paramref name="problem"/>, in the whole process; null = the truth again.</summary>
    public static void PretendForTest(string? problem) => s_pretended = problem;

    /// <summary>Loads the libraries by their names and readies them; what is wrong with them, else null.</summary>
    public static string? Load(string crypto, string ssl, ulong versionMin)
    {
        if (!NativeLibrary.TryLoad(crypto, out _))
            return $"{crypto} was not found";
        if (!NativeLibrary.TryLoad(ssl, out _))
            return $"{ssl} was not found";
        ulong version = OpenSsl.OpenSSL_version_num();
        if (version < versionMin)
            return $"{crypto} has version {version:X8}, at least {versionMin:X8} is needed";

        // No clean-up when the process ends: it would take the ground from under loops that are still running.
        const ulong Options = OpenSsl.OPENSSL_INIT_NO_ATEXIT | OpenSsl.OPENSSL_INIT_LOAD_SSL_STRINGS | OpenSsl.OPENSSL_INIT_LOAD_CRYPTO_STRINGS;
        return OpenSsl.OPENSSL_init_ssl(Options, 0) == 1 ? null : $"{ssl} could not be initialised: {OpenSsl.TakeError()}";
    }
}
