using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Access;

/// <summary>Checks a request of somebody who is known: that a page did not make their browser send it, that their password is their own, and that a role allows it (<see cref="AccessRules"/>).</summary>
internal static class AccessCheck
{
    /// <summary>Null when it may be carried out.</summary>
    public static AdminResponse? Refuse(HttpRequest request, bool isAdminApi, string[] path, GroupAddress address, Caller caller, Tenancy tenancy)
    {
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!reads && caller.Session is { } secret && !IsFixedTimeEqual(request.Headers[Session.CsrfHeader].ToString(), Session.CsrfToken(secret)))
            return AdminResponse.Error(403, $"a change within a session needs the header {Session.CsrfHeader} with what the login answered");
        if (caller.User is { MustChangePassword: true } && !(path is ["session", ..] && !isAdminApi))
            return AdminResponse.Error(403, "the password was given by somebody else: change it first (PUT /api/session/password)");
        if (AccessRules.NeedOf(request.Method, isAdminApi, path, address, key => tenancy.OwnerOf(key)?.Workspace ?? WorkspaceConfig.DefaultId) is not { } need)
            return AdminResponse.Error(404, "there is no such path");
        return need.IsMetBy(caller.Grants) ? null
            : AdminResponse.Error(403, $"{caller.Name} needs {need}, and has {(caller.Grants.Count == 0 ? "no role" : string.Join(", ", caller.Grants))}");
    }

    private static bool IsFixedTimeEqual(string given, string expected) =>
        System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(given), System.Text.Encoding.UTF8.GetBytes(expected));
}
