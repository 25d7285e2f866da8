using System.Globalization;
using System.Net;
using Headgate.Core.Primitives;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>The forms that keys are written in.</summary>
internal static class SettingForms
{
    /// <summary>true or false, without quotes.</summary>
    public static readonly SettingForm<bool> Switch = new ScalarForm<bool>("true or false", TrySwitch, v => v ? "true" : "false");

    /// <summary>As <see cref="Switch"/>, where absent means something of its own.</summary>
    public static readonly SettingForm<bool?> OptionalSwitch = new ScalarForm<bool?>("true or false", TryOptionalSwitch, v => v is null ? "" : v.Value ? "true" : "false");

    /// <summary>A TCP port; 0 = any free one, shown at start.</summary>
    public static readonly SettingForm<int> Port = Number(0, 65535, "a port from 0 to 65535 (0 = any free one)");

    /// <summary>An address to listen on.</summary>
    public static readonly SettingForm<IPAddress?> Ip = new ScalarForm<IPAddress?>("an IPv4 or IPv6 address", TryIp, v => v?.ToString() ?? "", isText: true);

    /// <summary>Any text but the empty one.</summary>
    public static readonly SettingForm<string> Text = new ScalarForm<string>("a text", TryText, v => v, isText: true);

    /// <summary>A path of a file or folder, relative to the working directory.</summary>
    public static readonly SettingForm<string> FilePath = new ScalarForm<string>("a path", TryText, v => v, isText: true);

    /// <summary>As <see cref="FilePath"/>, absent by default.</summary>
    public static readonly SettingForm<string?> OptionalFilePath = new ScalarForm<string?>("a path", TryOptionalText, v => v ?? "", isText: true);

    /// <summary>As <see cref="Text"/>, absent by default.</summary>
    public static readonly SettingForm<string?> OptionalText = new ScalarForm<string?>("a text", TryOptionalText, v => v ?? "", isText: true);

    /// <summary>A secret text, absent by default; never shown.</summary>
    public static readonly SettingForm<SecretText?> OptionalSecret = new ScalarForm<SecretText?>(
        "a text of at least 16 characters",
        TryOptionalSecret,
        v => v?.ToString() ?? "",
        isText: true,
        secret: true);

    /// <summary>An id as objects have them, absent by default.</summary>
    public static readonly SettingForm<string?> OptionalId = new ScalarForm<string?>("1 to 64 of a-z A-Z 0-9 - _ .", TryOptionalId, v => v ?? "", isText: true);

    /// <summary>Address of a control plane.</summary>
    public static readonly SettingForm<Uri> ControlPlaneAddress = new ScalarForm<Uri>("an address such as https://10.0.0.1:9180", TryAddress, v => v.GetLeftPart(UriPartial.Authority), isText: true);

    /// <summary>A path of a URL.</summary>
    public static readonly SettingForm<string> UriPath = new ScalarForm<string>("a path that begins with /", TryUriPath, v => v, isText: true);

    /// <summary>The beginning of a metric's name.</summary>
    public static readonly SettingForm<string> MetricName = new ScalarForm<string>("letters, digits, _ and :, not beginning with a digit", TryMetricName, v => v, isText: true);

    /// <summary>An address range: <c>10.0.0.0/8</c>, <c>::/64</c>, or one address.</summary>
    public static readonly SettingForm<IPNetwork> AddressRange = new ScalarForm<IPNetwork>("an address or a range such as 10.0.0.0/8", TryRange, v => v.ToString(), isText: true);

    /// <summary>A DNS server: address, optionally with a port.</summary>
    public static readonly SettingForm<IPEndPoint> DnsServer = new ScalarForm<IPEndPoint>("an address such as 1.1.1.1 or 127.0.0.1:5353", TryDnsServer, ShowDnsServer, isText: true);

    /// <summary>A whole number within bounds.</summary>
    public static SettingForm<int> Number(int min, int max, string? allowed = null) => new ScalarForm<int>(
        allowed ?? $"a whole number from {min} to {max}",
        (SettingNode.Scalar scalar, out int value) =>
            int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && scalar.Plain && value >= min && value <= max,
        v => v.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number of bytes, 0 to 2^53.</summary>
    public static readonly SettingForm<long> ByteCount = new ScalarForm<long>("a number of bytes, 0 or more", TryByteCount, v => v.ToString(CultureInfo.InvariantCulture));

    /// <summary>A time within bounds: <c>500ms</c>, <c>30s</c>, <c>2m</c>, or a bare number of seconds.</summary>
    public static SettingForm<TimeSpan> Duration(TimeSpan min, TimeSpan max) => new ScalarForm<TimeSpan>(
        $"a time from {DurationText.Show(min)} to {DurationText.Show(max)}, such as 500ms, 30s, 2m",
        (SettingNode.Scalar scalar, out TimeSpan value) => DurationText.TryParse(scalar.Text, out value) && value >= min && value <= max,
        DurationText.Show);

    /// <summary>As <see cref="Duration"/>, absent by default.</summary>
    public static SettingForm<TimeSpan?> OptionalDuration(TimeSpan min, TimeSpan max)
    {
        return new ScalarForm<TimeSpan?>(
            Duration(min, max).Allowed,
            (SettingNode.Scalar scalar, out TimeSpan? value) =>
            {
                bool good = DurationText.TryParse(scalar.Text, out TimeSpan given) && given >= min && given <= max;
                value = given;
                return good;
            },
            v => v is { } time ? DurationText.Show(time) : "");
    }

    /// <summary>One of some words.</summary>
    public static SettingForm<T> Choice<T>(params (string Word, T Value)[] choices) => new ScalarForm<T>(
        string.Join(" or ", choices.Select(c => c.Word)),
        (SettingNode.Scalar scalar, out T value) =>
        {
            int index = Array.FindIndex(choices, c => c.Word == scalar.Text);
            value = index < 0 ? default! : choices[index].Value;
            return index >= 0;
        },
        v => choices.First(c => EqualityComparer<T>.Default.Equals(c.Value, v)).Word,
        isText: true);

    /// <summary>Numbers, each greater than the one before it and than 0.</summary>
    public static SettingForm<EquatableArray<double>> Rising(string allowed) => new RisingForm(allowed);

    /// <summary>A list.</summary>
    public static SettingForm<EquatableArray<T>> ListOf<T>(SettingForm<T> item, string plural, int countMin = 0, bool single = false) =>
        new ListForm<T>(item, plural, countMin, single);

    private static bool TryByteCount(SettingNode.Scalar scalar, out long value) =>
        long.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && scalar.Plain && value <= 1L << 53;

    private static bool TrySwitch(SettingNode.Scalar scalar, out bool value)
    {
        value = scalar.Text is "true" or "True" or "TRUE";
        return scalar.Plain && (value || scalar.Text is "false" or "False" or "FALSE");
    }

    private static bool TryOptionalSwitch(SettingNode.Scalar scalar, out bool? value)
    {
        bool good = TrySwitch(scalar, out bool given);
        value = given;
        return good;
    }

    private static bool TryIp(SettingNode.Scalar scalar, out IPAddress? value)
    {
        string text = scalar.Text is ['[', .. var inner, ']'] ? inner : scalar.Text;

        // IPAddress takes "1" and "0x7f.1" as addresses, and "[::1]:5353" without a word about the port; whoever writes that here has made a mistake.
        return IPAddress.TryParse(text, out value) && !text.Contains(']') && (text.Contains(':') || text.Count(c => c == '.') == 3);
    }

    /// <summary>A server over HTTP: scheme, host, port.</summary>
    internal static bool TryAddress(SettingNode.Scalar scalar, out Uri value) =>
        Uri.TryCreate(scalar.Text, UriKind.Absolute, out value!) && (value.Scheme is "http" or "https") && value.PathAndQuery == "/" && value is { UserInfo: "", Fragment: "" };

    private static bool TryOptionalId(SettingNode.Scalar scalar, out string? value)
    {
        value = scalar.Text.Length == 0 ? null : scalar.Text;
        return value is null || (value.Length <= 64 && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));
    }

    private static bool TryText(SettingNode.Scalar scalar, out string value)
    {
        value = scalar.Text;
        return value.Length > 0;
    }

    private static bool TryOptionalText(SettingNode.Scalar scalar, out string? value)
    {
        value = scalar.Text.Length == 0 ? null : scalar.Text;
        return true;
    }

    private static bool TryOptionalSecret(SettingNode.Scalar scalar, out SecretText? value)
    {
        value = scalar.Text.Length == 0 ? null : new SecretText(scalar.Text);
        return scalar.Text.Length is 0 or >= 16;
    }

    private static bool TryUriPath(SettingNode.Scalar scalar, out string value)
    {
        value = scalar.Text;
        return value.StartsWith('/') && !value.AsSpan().ContainsAnyExceptInRange('!', '~') && !value.AsSpan().ContainsAny("?#{}*");
    }

    private static bool TryMetricName(SettingNode.Scalar scalar, out string value)
    {
        value = scalar.Text;
        return value.Length is > 0 and <= 64 && !char.IsAsciiDigit(value[0]) && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':');
    }

    private static bool TryRange(SettingNode.Scalar scalar, out IPNetwork value)
    {
        string[] parts = scalar.Text.Split('/');
        value = default;
        if (parts.Length > 2 || !TryIp(scalar with { Text = parts[0] }, out IPAddress? address))
            return false;
        int bitsMax = address!.GetAddressBytes().Length * 8;
        int bits = bitsMax;
        if (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits <= bitsMax))
            return false;

        // APISIX takes ranges whose address has bits beyond the prefix (127.0.0.1/24); IPNetwork wants them cleared.
        byte[] bytes = address.GetAddressBytes();
        for (int bit = bits; bit < bitsMax; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        value = new IPNetwork(new IPAddress(bytes), bits);
        return true;
    }

    private static bool TryDnsServer(SettingNode.Scalar scalar, out IPEndPoint value)
    {
        if (TryIp(scalar, out IPAddress? address))
        {
            value = new IPEndPoint(address!, 53);
            return true;
        }

        bool good = IPEndPoint.TryParse(scalar.Text, out IPEndPoint? given) && given.Port > 0 && (scalar.Text.Contains('.') || scalar.Text.Contains(']'));
        value = given!;
        return good;
    }

    private static string ShowDnsServer(IPEndPoint value) => value.Port == 53 ? value.Address.ToString() : value.ToString();
}
