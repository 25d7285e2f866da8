using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Headgate.Tests.Fuzz;

/// <summary>
/// A word that marks one request and its answer. It carries its own check, so that a mutation of it is no word at all: a whole one in another request's answer has been stolen.
/// </summary>
internal static class RunToken
{
    /// <summary>Stands for the word in an answer that has yet to be made.</summary>
    public const string Placeholder = "tok-@@@@@@@@@@@@@@@@";

    /// <summary>The word of a number.</summary>
    public static string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"tok-{(uint)number:x8}{Check((uint)number):x8}");

    /// <summary>The first whole word in <paramref name="bytes"/> that is not <paramref name="own"/>; null when there is none.</summary>
    public static string? FindOther(ReadOnlySpan<byte> bytes, string own)
    {
        while (bytes.IndexOf("tok-"u8) is var at and >= 0 && bytes.Length >= at + 20)
        {
            ReadOnlySpan<byte> word = bytes.Slice(at, 20);
            bool whole = Utf8Parser.TryParse(word.Slice(4, 8), out uint number, out int used, 'x') && used == 8
                && Utf8Parser.TryParse(word[12..], out uint check, out used, 'x') && used == 8 && check == Check(number);
            if (whole && Encoding.ASCII.GetString(word) is var text && text != own)
                return text;
            bytes = bytes[(at + 4)..];
        }

        return null;
    }

    private static uint Check(uint number) => (number * 2654435761u) ^ (number >> 7) ^ 0x5bd1e995u;
}
