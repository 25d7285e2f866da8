namespace Headgate.CommandLine;

/// <summary>A command cannot go on; the message is all that the user is shown, without a full stop.</summary>
/// <param name="exitCode">What the process returns (<see cref="ExitCodes"/>).</param>
/// <param name="message">What is wrong, and what to do.</param>
internal sealed class CommandFailedException(int exitCode, string message) : Exception(message)
{
    /// <summary>What the process returns.</summary>
    public int ExitCode => exitCode;
}
