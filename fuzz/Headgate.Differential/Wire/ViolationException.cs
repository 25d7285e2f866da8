namespace Headgate.Differential.Wire;

/// <summary>Bytes that a strict reader does not take; the message says why.</summary>
internal sealed class ViolationException(string what) : Exception(what);
