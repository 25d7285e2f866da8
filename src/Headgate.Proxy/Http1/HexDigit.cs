namespace Headgate.Proxy.Http1;

/// <summary>Hexadecimal digits in ASCII.</summary>
internal static class HexDigit
{
    /// <summary>0 to 15, or −1 when <paramref name="b"/> is none.</summary>
    internal static int Value(byte b)
    {
        uint digit = (uint)(b - '0');
        if (digit <= 9)
            return (int)digit;
        uint letter = (uint)((b | 0x20) - 'a');
        return letter <= 5 ? (int)letter + 10 : -1;
    }
}
