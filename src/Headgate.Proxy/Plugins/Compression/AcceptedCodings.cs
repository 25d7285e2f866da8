using System.Text;

namespace Headgate.Proxy.Plugins.Compression;

/// <summary>What a client says about codings that it takes. Source: RFC 9110 §12.5.3.</summary>
internal static class AcceptedCodings
{
    private const int Whole = 1000;

    /// <summary>The client's weight for a coding in thousandths, 0 = it does not want it, or says nothing about codings. Allocates nothing.</summary>
    public static int Quality(PluginContext context, ReadOnlySpan<byte> coding, ReadOnlySpan<byte> alias)
    {
        int named = -1, others = -1;
        for (int place = 0; context.Forwarded.TryGetNext("accept-encoding"u8, ref place, out ReadOnlySpan<byte> value);)
            Read(value, coding, alias, ref named, ref others);
        return Math.Max(0, named >= 0 ? named : others);
    }

    /// <summary>Takes in a value of the field: what it says of the coding, and of those that it does not name. −1 = nothing yet.</summary>
    internal static void Read(ReadOnlySpan<byte> value, ReadOnlySpan<byte> coding, ReadOnlySpan<byte> alias, ref int named, ref int others)
    {
        while (!value.IsEmpty)
        {
            int comma = value.IndexOf((byte)',');
            ReadOnlySpan<byte> item = comma < 0 ? value : value[..comma];
            value = comma < 0 ? default : value[(comma + 1)..];
            int semicolon = item.IndexOf((byte)';');
            ReadOnlySpan<byte> name = (semicolon < 0 ? item : item[..semicolon]).Trim(" \t"u8);
            int weight = semicolon < 0 ? Whole : Weight(item[(semicolon + 1)..].Trim(" \t"u8));
            if (Ascii.EqualsIgnoreCase(name, coding) || (!alias.IsEmpty && Ascii.EqualsIgnoreCase(name, alias)))
                named = Math.Max(named, weight);
            else if (name is [(byte)'*'])
                others = Math.Max(others, weight);
        }
    }

    /// <summary>Of <c>q=0.5</c>; what is no weight is 0: better unencoded than not understood.</summary>
    private static int Weight(ReadOnlySpan<byte> parameter)
    {
        if (parameter.Length is < 3 or > 7 || (parameter[0] | 0x20) != 'q' || parameter[1] != '=' || parameter[2] is not ((byte)'0' or (byte)'1'))
            return 0;
        int weight = (parameter[2] - '0') * Whole;
        if (parameter.Length > 3 && parameter[3] != '.')
            return 0;
        int unit = Whole;
        foreach (byte digit in parameter.Length > 4 ? parameter[4..] : default)
        {
            if (!char.IsAsciiDigit((char)digit))
                return 0;
            unit /= 10;
            weight += (digit - '0') * unit;
        }

        return Math.Min(weight, Whole);
    }
}
