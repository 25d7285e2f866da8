using System.Buffers;
using System.Globalization;

namespace Headgate.Settings.Forms;

/// <summary>Times as users write them: <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>, or a bare number of seconds.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

    /// <summary>Reads a time; false when it is none or longer than 1000 hours.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        int digits = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        string unit = digits < 0 ? "s" : text[digits..];
        int index = Array.FindIndex(Units, u => u.Unit == unit);
        ReadOnlySpan<char> number = digits < 0 ? text : text.AsSpan(0, digits);
        if (index < 0 || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount))
            return false;
        double milliseconds = amount * Units[index].Milliseconds;
        if (milliseconds > 3_600_000_000)
            return false;
        value = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>The shortest of the forms that says it exactly.</summary>
    public static string Show(TimeSpan value)
    {
        (string unit, double size) = Units.Last(u => u.Milliseconds == 1 || (value > TimeSpan.Zero && value.TotalMilliseconds % u.Milliseconds == 0));
        return value == TimeSpan.Zero ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds / size}{unit}");
    }
}
