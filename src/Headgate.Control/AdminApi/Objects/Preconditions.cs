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
    /// <summary>Null when the request may go on, given that the object was last written by <paramref name="modRevision"/> (null = it does not exist).</summary>
    public static AdminResponse? Check(AdminRequest request, ObjectPath path, long? modRevision) => Check(request, path.Kind.Singular(), path.FullId, modRevision);

    /// <summary>The same for what is no object: <paramref name="noun"/> says what.</summary>
    public static AdminResponse? Check(AdminRequest request, string noun, string id, long? modRevision)
    {
        if (!StringValues.IsNullOrEmpty(request.IfNoneMatch) && request.IfNoneMatch == "*" && modRevision is { } existing)
            return Failed($"{noun} [{id}] exists already, its modifiedIndex is {existing}, and If-None-Match is *");
        if (StringValues.IsNullOrEmpty(request.IfMatch))
            return null;
        if (modRevision is not { } revision)
            return Failed($"{noun} [{id}] does not exist, and If-Match is {Given(request)}");
        return Matches(request.IfMatch, revision) ? null
            : Failed($"{noun} [{id}] was changed: its modifiedIndex is {revision}, and If-Match is {Given(request)}");
    }

    private static bool Matches(StringValues header, long revision)
    {
        string expected = revision.ToString(CultureInfo.InvariantCulture);
        foreach (string? line in header)
        {
            foreach (string tag in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                // A bare number is accepted too: people copy the modifiedIndex. W/ is what a compressing proxy makes of our tag.
                if (tag == "*" || tag.Replace("W/", "", StringComparison.Ordinal).Trim('"') == expected)
                    return true;
            }
        }

        return false;
    }

    private static string Given(AdminRequest request)
    {
        string text = request.IfMatch.ToString();
        return text.Length <= 80 ? text : text[..80] + "...";
    }

    private static AdminResponse Failed(string message) => AdminResponse.Error(StatusCodes.Status412PreconditionFailed, message);
}
