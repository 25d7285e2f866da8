using System.Runtime.InteropServices;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>
/// How many SSL objects of OpenSSL's live in the process, whoever made them (.NET's clients too), counted by OpenSSL itself: it calls back when one is made or freed
/// (CRYPTO_get_ex_new_index(3)). Those made before the first look are not counted.
/// </summary>
internal static class NativeSslCount
{
    private const int CRYPTO_EX_INDEX_SSL = 0;

    private static readonly ExData OnNew = static (_, _, _, _, _, _) => Interlocked.Increment(ref s_alive);
    private static readonly ExData OnFree = static (_, _, _, _, _, _) => Interlocked.Decrement(ref s_alive);
    private static readonly int Index = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, 0, OnNew, 0, OnFree);
    private static int s_alive;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ExData(nint parent, nint pointer, nint data, int index, nint number, nint argument);

    public static int Alive => Index < 0 ? throw new InvalidOperationException("OpenSSL does not count") : Volatile.Read(ref s_alive);

    [DllImport("libcrypto.so.3")]
    private static extern int CRYPTO_get_ex_new_index(int kind, nint number, nint argument, ExData onNew, nint onDuplicate, ExData onFree);
}
