using System.Globalization;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>
/// <c>If-Match: "MODIFIEDINDEX"</c> (RFC 9110 §13.1.1): write only when nobody wrote since; <c>If-None-Match: *</c>: only when it is new.
/// Headgate's own; APISIX ignores both.
/// </summary>
internal static class Preconditions
{
    /// <summary>Null when the request may go on, given that the object was last written by <paramref name="modRevision"/> (null = it does not exist); else why not.</summary>
    public static string? Failure(AdminRequest request, ObjectPath path, long? modRevision) => Failure(request, path.Kind.Singular(), path.FullId, modRevision);

    /// <summary>The same for what is no object, and has no history to show: null, or the refusal. <paramref name="noun"/> says what it is.</summary>
    public static AdminResponse? Check(AdminRequest request, string noun, string id, long? modRevision) =>
        Failure(request, noun, id, modRevision) is { } why ? AdminResponse.Error(StatusCodes.Status412PreconditionFailed, why) : null;

    /// <summary>The revision that the client has seen, by its <c>If-Match</c>; null when it names none, or several.</summary>
    public static long? Seen(AdminRequest request) =>
        Tags(request.IfMatch).ToArray() is [var only] && long.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) && revision > 0 ? revision : null;

    private static string? Failure(AdminRequest request, string noun, string id, long? modRevision)
    {
        if (!StringValues.IsNullOrEmpty(request.IfNoneMatch) && request.IfNoneMatch == "*" && modRevision is { } existing)
            return $"{noun} [{id}] exists already, its modifiedIndex is {existing}, and If-None-Match is *";
        if (StringValues.IsNullOrEmpty(request.IfMatch))
            return null;
        if (modRevision is not { } revision)
            return $"{noun} [{id}] does not exist, and If-Match is {Given(request)}";
        return Matches(request.IfMatch, revision) ? null
            : $"{noun} [{id}] was changed: its modifiedIndex is {revision}, and If-Match is {Given(request)}";
    }

    private static bool Matches(StringValues header, long revision)
    {
        string expected = revision.ToString(CultureInfo.InvariantCulture);
        return Tags(header).Any(tag => tag == "*" || tag == expected);
    }

    /// <summary>A bare number is accepted too: people copy the modifiedIndex. W/ is what a compressing proxy makes of our tag.</summary>
    private static IEnumerable<string> Tags(StringValues header) =>
        header.SelectMany(static line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Select(static tag => tag.Replace("W/", "", StringComparison.Ordinal).Trim('"'));

    private static string Given(AdminRequest request)
    {
        string text = request.IfMatch.ToString();
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}
