using System.CommandLine.Parsing;

namespace Headgate.CommandLine;

/// <summary>URLs on the command line.</summary>
internal static class UrlText
{
    /// <summary>The URL; null when it is none, and <paramref name="wrong"/> says why behind it.</summary>
    public static Uri? Read(ArgumentResult given, string wrong)
    {
        string text = given.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            return url;
        given.AddError($"\"{text}\" {wrong}");
        return null;
    }
}
