using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi.Objects;

/// <summary><c>?dry-run=true</c> on a write.</summary>
internal static class DryRun
{
    private const string Argument = "dry-run";

    /// <summary>Whether a write is only to be tried out.</summary>
    public static bool IsAsked(IQueryCollection arguments) => arguments[Argument] == "true";

    /// <summary>Null when the argument is not there, or can be followed; else the refusal: who asks for a dry run must never write by a slip.</summary>
    /// <param name="request">The request.</param>
    /// <param name="available">Whether what the path leads to can be tried out.</param>
    public static AdminResponse? Check(HttpRequest request, bool available)
    {
        if (!request.Query.TryGetValue(Argument, out var value) || value == "false")
            return null;
        if (value != "true")
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"invalid argument {Argument}; allowed: true, false");
        return available || !UnavailableKinds.IsWrite(request.Method) ? null
            : AdminResponse.Error(StatusCodes.Status400BadRequest, $"{Argument} is for writes of objects and for restoring one; nothing was done");
    }
}
