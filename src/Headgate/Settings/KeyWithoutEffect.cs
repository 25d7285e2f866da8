namespace Headgate.Settings;

/// <summary>A key of APISIX's that is accepted, with everything below it, and does nothing here.</summary>
/// <param name="Path">Path with dots.</param>
/// <param name="Silent">Values that mean what Headgate does anyway, and so need no warning.</param>
internal sealed record KeyWithoutEffect(string Path, params string[] Silent);
