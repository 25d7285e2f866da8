using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Headgate.Store.Documents;

/// <summary>What the single values of YAML are in JSON: the core schema of YAML 1.2 (chapter 10.3).</summary>
internal static partial class YamlScalars
{
    private const string TagPrefix = "tag:yaml.org,2002:";
    private static readonly string[] Known = ["", "!", TagPrefix + "str", TagPrefix + "null", TagPrefix + "bool", TagPrefix + "int", TagPrefix + "float"];

    /// <summary>Writes a value.</summary>
    /// <exception cref="DocumentException">JSON has no such value, or the tag is none of the core schema.</exception>
    public static void Write(Utf8JsonWriter writer, YamlValue.Text text)
    {
        if (!Known.Contains(text.Tag))
            throw new DocumentException($"the tag {text.Tag} is not known", text.Line);
        bool isText = text.Tag.Length == 0 ? !text.Plain : text.Tag is "!" or TagPrefix + "str";
        if (isText || !TryWriteTyped(writer, text))
            writer.WriteStringValue(text.Content);
    }

    /// <summary>Whether a text would be something else when it stood without quotes.</summary>
    public static bool NeedsQuotes(string text) =>
        text.Length == 0 || Null().IsMatch(text) || Boolean().IsMatch(text) || Integer().IsMatch(text) || Based().IsMatch(text) || Float().IsMatch(text) || NotFinite().IsMatch(text);

    private static bool TryWriteTyped(Utf8JsonWriter writer, YamlValue.Text text)
    {
        string content = text.Content;
        if (content.Length == 0 || Null().IsMatch(content))
            writer.WriteNullValue();
        else if (Boolean().IsMatch(content))
            writer.WriteBooleanValue(content[0] is 't' or 'T');
        else if (JsonNumber().IsMatch(content))
            writer.WriteRawValue(content, skipInputValidation: true); // digit for digit: 1.0 stays 1.0
        else if (Integer().IsMatch(content))
            writer.WriteRawValue(BigInteger.Parse(content, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        else if (Based().IsMatch(content))
            writer.WriteRawValue(Value(content).ToString(CultureInfo.InvariantCulture));
        else if (Float().IsMatch(content))
            writer.WriteNumberValue(Finite(text));
        else if (NotFinite().IsMatch(content))
            throw new DocumentException($"{content} is a number that JSON does not have", text.Line);
        else
            return false;
        return true;
    }

    private static double Finite(YamlValue.Text text)
    {
        double number = double.Parse(text.Content, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? number : throw new DocumentException($"{text.Content} is too large a number", text.Line);
    }

    /// <summary><c>0o17</c> and <c>0x1f</c>.</summary>
    private static BigInteger Value(string content)
    {
        int radix = content[1] == 'o' ? 8 : 16;
        BigInteger value = BigInteger.Zero;
        foreach (char digit in content.AsSpan(2))
            value = (value * radix) + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return value;
    }

    [GeneratedRegex(@"^(?:~|null|Null|NULL)$", RegexOptions.CultureInvariant)]
    private static partial Regex Null();

    [GeneratedRegex(@"^(?:true|True|TRUE|false|False|FALSE)$", RegexOptions.CultureInvariant)]
    private static partial Regex Boolean();

    [GeneratedRegex(@"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"^[-+]?[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^0(?:o[0-7]+|x[0-9a-fA-F]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Based();

    [GeneratedRegex(@"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", RegexOptions.CultureInvariant)]
    private static partial Regex NotFinite();
}
