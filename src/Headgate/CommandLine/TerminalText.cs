namespace Headgate.CommandLine;

/// <summary>What others wrote, on its way to a terminal.</summary>
internal static class TerminalText
{
    /// <summary>The text without what would move the cursor.</summary>
    public static string Of(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
}
