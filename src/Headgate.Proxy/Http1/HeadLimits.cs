namespace Headgate.Proxy.Http1;

/// <summary>Limits of heads.</summary>
/// <param name="StartLineBytesMax">Request line, 414 above; default 8 KiB as nginx's large_client_header_buffers.</param>
/// <param name="HeadBytesMax">The whole head, 431 above (a node's: bad answer); default 32 KiB as nginx's 4 × 8 KiB.</param>
/// <param name="FieldsMax">Header fields, 431 above; default 100 as Kestrel.</param>
public sealed record HeadLimits(int StartLineBytesMax = 8192, int HeadBytesMax = 32768, int FieldsMax = 100)
{
    /// <summary>The documented defaults.</summary>
    public static HeadLimits Default { get; } = new();
}
