using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi;

/// <summary><c>X-Headgate-Message</c>: why a write is made, in the words of who makes it; it goes into the history.</summary>
internal static class WriteMessage
{
    /// <summary>Name of the header.</summary>
    public const string Header = "X-Headgate-Message";

    /// <summary>Longest message, characters: a line of a table, and the <c>why</c> of every change of a revision.</summary>
    public const int CharactersMax = 500;

    /// <summary>The message; null when there is none.</summary>
    public static string? Of(HttpRequest request) => request.Headers[Header] is [{ Length: > 0 } only] ? only.Trim() : null;

    /// <summary>Null when the request has no message, or one that may be kept; else the refusal. It is shown in lists and files, where control characters could hide or forge other lines.</summary>
    public static AdminResponse? Check(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var lines))
            return null;
        if (lines.Count > 1)
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"{Header} is there {lines.Count} times; send it once");
        string message = lines.ToString();
        if (message.Length > CharactersMax)
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"{Header} has {message.Length} characters; at most {CharactersMax} are allowed");
        foreach (Rune rune in message.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return AdminResponse.Error(StatusCodes.Status400BadRequest, $"{Header} holds the control character U+{rune.Value:X4}; allowed is one line of text");
        }

        return null;
    }

    /// <summary>What the history says: <c>restored from revision 7: the new pool was too small (POST /api/...)</c>, or only what was asked.</summary>
    public static string Why(string asked, string? done, string? message)
    {
        string? told = done is null || message is null ? done ?? message : $"{done}: {message}";
        return told is null ? asked : $"{told} ({asked})";
    }
}
