using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Control.Revisions.Preview;
using Headgate.Core.Config;

namespace Headgate.Control.Revisions;

/// <summary>Start here: which path about revisions is answered by whom. The path names the gateway group; the workspace is named as for the Admin API, and sees its own.</summary>
internal sealed class RevisionApi(GroupScopes scopes)
{
    /// <summary><c>/api/gateway_groups/GROUP/revisions...</c>.</summary>
    public async ValueTask<AdminResponse> RevisionsAsync(AdminRequest request)
    {
        (AdminResponse? refusal, GroupScope? scope) = await FindAsync(request);
        if (refusal is not null)
            return refusal;
        string[] rest = request.Segments[3..];
        var reads = new RevisionReads(scope!);
        return (request.Method, rest) switch
        {
            ("GET", []) => await reads.SearchAsync(null, request),
            ("GET", [var revision]) => await reads.RevisionAsync(revision, request),
            ("GET", [var revision, var plural]) => await reads.KindAsync(revision, plural, request),
            (_, [] or [_] or [_, _]) => NotSupported(request),
            _ => AdminResponse.Error(404, "there is no such path; see docs/reference/revisions.md"),
        };
    }

    /// <summary><c>/api/gateway_groups/GROUP/affected</c>.</summary>
    public async ValueTask<AdminResponse> AffectedAsync(AdminRequest request)
    {
        (AdminResponse? refusal, GroupScope? scope) = await FindAsync(request);
        return refusal ?? (request.Method == "GET" ? await new AffectedReads(scope!).AnswerAsync(request) : NotSupported(request));
    }

    /// <summary><c>/api/gateway_groups/GROUP/KIND/ID/history...</c> and <c>.../restore</c>.</summary>
    public async ValueTask<AdminResponse> ObjectAsync(ResourceKind kind, AdminRequest request)
    {
        (AdminResponse? refusal, GroupScope? scope) = await FindAsync(request);
        if (refusal is not null)
            return refusal;
        (ObjectPath path, string[] rest) = PathOf(kind, request.Segments);
        if (!path.IsLegal)
            return AdminResponse.KeyNotFound();
        var reads = new HistoryReads(scope!);
        return (request.Method, rest) switch
        {
            ("GET", ["history"]) => await reads.HistoryAsync(path, request),
            ("GET", ["history", var revision]) => await reads.AtAsync(path, revision, request),
            ("POST", ["restore"]) => await new Restores(scope!, reads).RestoreAsync(path, request),
            _ => NotSupported(request),
        };
    }

    /// <summary>The refusal, or the group; its workspace is the request's.</summary>
    private async ValueTask<(AdminResponse? Refusal, GroupScope? Scope)> FindAsync(AdminRequest request)
    {
        string group = request.Segments[1];
        if (await scopes.FindAsync(group, request.Aborted) is not { } scope)
            return (GroupDispatcher.Unknown(group), null);
        if (request.Workspace != WorkspaceConfig.DefaultId && await scope.FindWorkspaceAsync(request.Workspace, request.Aborted) is null)
            return (scope.Rules.Unknown(request.Workspace), null);
        return (null, scope);
    }

    /// <summary>The object that a path names, and what follows it.</summary>
    private static (ObjectPath Path, string[] Then) PathOf(ResourceKind kind, string[] segments) => kind switch
    {
        ResourceKind.Credential => (new ObjectPath(kind, segments[3], segments[5]), segments[6..]),
        ResourceKind.Secret => (new ObjectPath(kind, segments[3], segments[4]), segments[5..]),
        _ => (new ObjectPath(kind, null, segments[3]), segments[4..]),
    };

    private static AdminResponse NotSupported(AdminRequest request) => AdminResponse.Error(405, $"not supported `{request.Method}` method for this path");
}
