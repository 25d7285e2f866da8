using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Headgate.CommandLine;

/// <summary><c>--revision</c>: as objects were after it.</summary>
internal static class RevisionOption
{
    /// <summary>The option; null = it was not given.</summary>
    public static Option<long?> Make(bool isRequired) => new("--revision")
    {
        Description = "As it was after this revision; headgate history shows them.",
        HelpName = "N",
        Required = isRequired,
        CustomParser = Read,
    };

    private static long? Read(ArgumentResult given)
    {
        if (long.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) && revision > 0)
            return revision;
        given.AddError("--revision: give a number from 1");
        return null;
    }
}
