namespace Headgate.Core.LoadBalancing;

/// <summary>CRC-32 as zlib and nginx compute it (reflected polynomial 0xEDB88320): begin, update any number of times, end. Allocates nothing.</summary>
internal static class Crc32
{
    /// <summary>The running value before the first byte.</summary>
    public const uint Begin = 0xFFFF_FFFF;

    private static readonly uint[] Table = MakeTable();

    /// <summary>The running value after more bytes.</summary>
    public static uint Update(uint running, ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        foreach (byte value in bytes)
            running = table[(byte)(running ^ value)] ^ (running >> 8);
        return running;
    }

    /// <summary>The checksum of what was updated.</summary>
    public static uint End(uint running) => ~running;

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB8_8320;
            table[i] = value;
        }

        return table;
    }
}
