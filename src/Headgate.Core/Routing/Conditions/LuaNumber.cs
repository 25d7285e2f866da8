using System.Globalization;

namespace Headgate.Core.Routing.Conditions;

/// <summary>
/// Numbers in text as LuaJIT's <c>tonumber</c> reads them, which APISIX's comparisons go by: white space around, decimal with fraction and exponent,
/// hexadecimal integers with <c>0x</c>. Not read, unlike there: <c>inf</c>, <c>nan</c>, binary and hexadecimal fractions.
/// </summary>
internal static class LuaNumber
{
    /// <summary>Reads a number; false, and 0, for any other text. Allocates nothing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        ReadOnlySpan<byte> digits = text.Trim(" \t\n\v\f\r"u8);
        bool negative = !digits.IsEmpty && digits[0] == '-';
        if (!digits.IsEmpty && digits[0] is (byte)'-' or (byte)'+')
            digits = digits[1..];
        if (digits.StartsWith("0x"u8) || digits.StartsWith("0X"u8))
        {
            if (!ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex))
                return false;
            number = negative ? -(double)hex : hex;
            return true;
        }

        // The check of the first character keeps out the names of infinity, and a second sign.
        if (digits.IsEmpty || digits[0] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.'))
            return false;
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(digits, Styles, CultureInfo.InvariantCulture, out number))
            return false;
        number = negative ? -number : number;
        return true;
    }
}
