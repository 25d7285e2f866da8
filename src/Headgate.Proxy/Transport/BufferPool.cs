namespace Headgate.Proxy.Transport;

/// <summary>
/// Buffers for connections in four sizes, kept up to a bound and otherwise left to the collector. Each thread keeps one of each size for itself: what was used
/// last is used next, while it is still in the processor's cache. Thread-safe.
/// </summary>
internal static class BufferPool
{
    /// <summary>What a connection holds while it waits: enough for the head and the small body of most answers.</summary>
    public const int Small = 4 * 1024;

    /// <summary>For a message under way.</summary>
    public const int Medium = 16 * 1024;

    /// <summary>For bodies.</summary>
    public const int Large = 64 * 1024;

    /// <summary>For all that an event loop receives at once, on its way to a peer that takes it slowly: with a head before it, and cut into chunks.</summary>
    public const int Huge = 160 * 1024;

    private static readonly BufferShelf[] Shelves = [new(Small, 1024), new(Medium, 256), new(Large, 64), new(Huge, 32)];

    [ThreadStatic]
    private static byte[]?[]? t_own;

    /// <summary>A buffer of at least <paramref name="bytesMin"/> bytes with undefined content; above <see cref="Huge"/> it is not pooled.</summary>
    public static byte[] Rent(int bytesMin)
    {
        int index = IndexOf(bytesMin);
        if (index < 0)
        {
            return GC.AllocateUninitializedArray<byte>(checked((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytesMin)));
        }

        byte[]?[] own = t_own ??= new byte[]?[Shelves.Length];
        byte[]? buffer = own[index];
        if (buffer is not null)
        {
            own[index] = null;
            return buffer;
        }

        return Shelves[index].Take();
    }

    /// <summary>Gives back what <see cref="Rent"/> gave. Exactly once, and only when nothing can write to it any more.</summary>
    public static void Return(byte[] buffer)
    {
        int index = IndexOf(buffer.Length);
        if (index < 0)
        {
            return;
        }

        byte[]?[] own = t_own ??= new byte[]?[Shelves.Length];
        byte[]? before = own[index];
        own[index] = buffer;
        if (before is not null)
        {
            Shelves[index].Put(before);
        }
    }

    private static int IndexOf(int bytes) => bytes switch
    {
        <= Small => 0,
        <= Medium => 1,
        <= Large => 2,
        <= Huge => 3,
        _ => -1,
    };
}
