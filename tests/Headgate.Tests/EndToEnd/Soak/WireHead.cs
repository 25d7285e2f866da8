using System.Globalization;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>The head of a request or an answer, with what framing needs.</summary>
internal sealed class WireHead
{
    public const string IdField = "X-Soak-Id";

    private readonly string _text;

    public WireHead(string text)
    {
        _text = text;
        FirstLine = text[..text.IndexOf("\r\n", StringComparison.Ordinal)];
        Length = Field("Content-Length") is { } length ? int.Parse(length, CultureInfo.InvariantCulture) : -1;
        IsChunked = string.Equals(Field("Transfer-Encoding"), "chunked", StringComparison.OrdinalIgnoreCase);
        Closes = string.Equals(Field("Connection"), "close", StringComparison.OrdinalIgnoreCase);
        Id = long.TryParse(Field(IdField), CultureInfo.InvariantCulture, out long id) ? id : -1;
    }

    public string FirstLine { get; }

    /// <summary>Content-Length; -1 = none.</summary>
    public int Length { get; }

    public bool IsChunked { get; }

    /// <summary>Whether the connection ends after this message.</summary>
    public bool Closes { get; }

    /// <summary>Number of the request; -1 = none, which is what the gateway's own answers have.</summary>
    public long Id { get; }

    /// <summary>Status of an answer.</summary>
    public int Status => int.Parse(FirstLine.AsSpan(9, 3), CultureInfo.InvariantCulture);

    public string Method => FirstLine[..FirstLine.IndexOf(' ', StringComparison.Ordinal)];

    /// <summary>Path of a request.</summary>
    public string Path => FirstLine.Split(' ')[1];

    /// <summary>Value of a field; null = not there.</summary>
    public string? Field(string name)
    {
        int at = _text.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        at += name.Length + 3;
        return _text[at.._text.IndexOf("\r\n", at, StringComparison.Ordinal)].Trim();
    }

    public override string ToString() => _text;
}
