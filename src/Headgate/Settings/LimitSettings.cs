namespace Headgate.Settings;

/// <summary>Limits of what clients may send. The numbers are those of <c>Headgate.Proxy.Http1.HeadLimits</c>; a test holds them together.</summary>
internal sealed record LimitSettings
{
    /// <summary>Bytes of a request line; 414 above.</summary>
    public int StartLineBytesMax { get; init; } = 8192;

    /// <summary>Bytes of a whole head; 431 above.</summary>
    public int HeadBytesMax { get; init; } = 32768;

    /// <summary>Header fields of a head; 431 above.</summary>
    public int HeadFieldsMax { get; init; } = 100;
}
