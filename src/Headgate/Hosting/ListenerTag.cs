using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>Says of a connection which listener it came in by; a feature of the connection, seen by every request on it.</summary>
/// <param name="Purpose">What the listener serves.</param>
internal sealed record ListenerTag(ListenerPurpose Purpose);
