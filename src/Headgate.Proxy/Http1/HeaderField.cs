namespace Headgate.Proxy.Http1;

/// <summary>Where a header field lies in the bytes of its <see cref="MessageHead"/>. Offsets are from the first byte of the head.</summary>
public struct HeaderField
{
    /// <summary>First byte of the name; the line begins here.</summary>
    public int NameStart;

    /// <summary>Length of the name.</summary>
    public int NameLength;

    /// <summary>First byte of the value, white space around it left out.</summary>
    public int ValueStart;

    /// <summary>Length of the value.</summary>
    public int ValueLength;

    /// <summary>First byte behind the line's CRLF.</summary>
    public int LineEnd;

    /// <summary>Which of the fields the gateway acts on; <see cref="KnownHeader.Other"/> for all others.</summary>
    public KnownHeader Known;
}
