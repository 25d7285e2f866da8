using System.CommandLine;

namespace Headgate.CommandLine;

/// <summary>Asks a person whether what was shown is to be done.</summary>
internal static class Confirmation
{
    /// <summary>Whether somebody is there to answer: a terminal is the standard input.</summary>
    private static bool CanAsk => !Console.IsInputRedirected;

    /// <summary><c>--yes</c>.</summary>
    public static Option<bool> Option() => new("--yes", "-y") { Description = "Does not ask." };

    /// <summary><c>--dry-run</c>.</summary>
    public static Option<bool> DryRunOption() => new("--dry-run") { Description = "Shows the plan and ends." };

    /// <summary>Returns when <paramref name="yes"/> was given, or the answer is yes; without a terminal nobody is asked.</summary>
    /// <exception cref="CommandFailedException">Nobody said yes.</exception>
    public static async Task RequireAsync(TextWriter output, bool yes)
    {
        if (yes)
            return;
        if (!CanAsk)
            throw new CommandFailedException(ExitCodes.NotConfirmed, "nothing was done: there is no terminal to ask at; --yes does it without asking");
        await output.WriteAsync("Do this? [y/N] ");
        await output.FlushAsync();
        if ((await Console.In.ReadLineAsync())?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new CommandFailedException(ExitCodes.NotConfirmed, "nothing was done");
    }
}
