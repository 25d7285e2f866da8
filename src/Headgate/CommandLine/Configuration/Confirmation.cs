namespace Headgate.CommandLine.Configuration;

/// <summary>Asks a person whether a plan is to be carried out.</summary>
internal static class Confirmation
{
    /// <summary>Whether somebody is there to answer: a terminal is the standard input.</summary>
    public static bool CanAsk => !Console.IsInputRedirected;

    /// <summary>Whether the answer was yes; without a terminal it is not asked, and no.</summary>
    public static async Task<bool> AskAsync(TextWriter output)
    {
        if (!CanAsk)
            return false;
        await output.WriteAsync("Do this? [y/N] ");
        await output.FlushAsync();
        return (await Console.In.ReadLineAsync())?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
