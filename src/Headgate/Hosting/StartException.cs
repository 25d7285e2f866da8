namespace Headgate.Hosting;

/// <summary>The gateway cannot start; the message says why and what to do, and is all that the user is shown.</summary>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
