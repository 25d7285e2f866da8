namespace Headgate.Proxy.Registries.FileRegistry;

/// <summary>By what one version of a file is told from the next.</summary>
/// <param name="WrittenAt">When it was last written, UTC.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="IsSettled">Whether that was long enough ago for a further write to have another time.</param>
internal sealed record FileStamp(DateTime WrittenAt, long Bytes, bool IsSettled);
