using Headgate.Core.Primitives;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>A piece of a <see cref="LogFormat"/>.</summary>
/// <param name="Text">Text as it is written; empty for a variable.</param>
/// <param name="Field">What is known at the request's end.</param>
/// <param name="Variable">A variable of the request; null = none.</param>
internal readonly record struct LogPart(byte[] Text, LogField Field = LogField.OfRequest, RequestVariable? Variable = null);
