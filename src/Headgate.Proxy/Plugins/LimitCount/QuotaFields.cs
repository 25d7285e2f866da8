using System.Buffers.Text;
using System.Text;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>Names of the fields that say how much is left, and their values: metadata of <c>limit-count</c>.</summary>
/// <param name="Limit">Of the limit.</param>
/// <param name="Remaining">Of what is left.</param>
/// <param name="Reset">Of the time after which it changes.</param>
internal sealed record QuotaFields(string Limit, string Remaining, string Reset) : PluginConfig
{
    private readonly byte[] _limit = Encoding.ASCII.GetBytes(Limit);
    private readonly byte[] _remaining = Encoding.ASCII.GetBytes(Remaining);
    private readonly byte[] _reset = Encoding.ASCII.GetBytes(Reset);

    /// <summary>APISIX's names.</summary>
    public static QuotaFields Default { get; } = new("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");

    /// <summary>Equal names are equal fields.</summary>
    public bool Equals(QuotaFields? other) => other is not null && (Limit, Remaining, Reset) == (other.Limit, other.Remaining, other.Reset);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Limit, Remaining, Reset);

    /// <summary>Reads the names from <c>plugin_metadata</c>.</summary>
    public static QuotaFields Read(ObjectReader reader) =>
        new(Name(reader, "limit_header", Default.Limit), Name(reader, "remaining_header", Default.Remaining), Name(reader, "reset_header", Default.Reset));

    /// <summary>Says how much of <paramref name="limit"/> is left.</summary>
    public void Show(ResponseEdits response, long limit, CountResult result)
    {
        Span<byte> text = stackalloc byte[32];
        response.Set(_limit, Write(limit, text));
        response.Set(_remaining, Write(result.Remaining, text));
        response.Set(_reset, WriteSeconds(result.ResetMs, text));
    }

    private static string Name(ObjectReader reader, string field, string byDefault)
    {
        if (reader.Text(field) is not { } name)
            return byDefault;
        Location at = reader.At.Property(field);
        if (!HeaderTexts.IsToken(name))
            reader.Findings.Add(Phase.Own, at, $"{at.Path}: \"{name}\" is no name of a header field");
        else if (ResponseEdits.IsGateways(Encoding.ASCII.GetBytes(name)))
            reader.Findings.Add(Phase.Own, at, $"{at.Path}: {name} is written by the gateway itself and cannot be changed here");
        return name;
    }

    private static ReadOnlySpan<byte> Write(long number, Span<byte> text)
    {
        Utf8Formatter.TryFormat(number, text, out int length);
        return text[..length];
    }

    /// <summary>Seconds to the hundredth, without noughts behind: <c>60</c>, <c>59.9</c>.</summary>
    private static ReadOnlySpan<byte> WriteSeconds(long ms, Span<byte> text)
    {
        (long seconds, long hundredths) = Math.DivRem(ms / 10, 100);
        Utf8Formatter.TryFormat(seconds, text, out int length);
        if (hundredths == 0)
            return text[..length];
        text[length++] = (byte)'.';
        text[length++] = (byte)('0' + (hundredths / 10));
        if (hundredths % 10 != 0)
            text[length++] = (byte)('0' + (hundredths % 10));
        return text[..length];
    }
}
