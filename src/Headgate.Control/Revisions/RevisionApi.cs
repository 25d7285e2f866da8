using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Registries;
using Headgate.Core.Config;

namespace Headgate.Control.Revisions;

/// <summary>Start here: which path about revisions is answered by whom.</summary>
internal sealed class RevisionApi(RevisionReads reads, HistoryReads objects, Restores restores)
{
    /// <summary><c>/api/gateway_groups/GROUP/revisions...</c>.</summary>
    public ValueTask<AdminResponse> RevisionsAsync(AdminRequest request)
    {
        if (RegistryApi.RefuseGroup(request) is { } refusal)
            return ValueTask.FromResult(refusal);
        string[] rest = request.Segments[3..];
        return (request.Method, rest) switch
        {
            ("GET", []) => reads.SearchAsync(request),
            ("GET", [var revision]) => reads.RevisionAsync(revision, request),
            ("GET", [var revision, var plural]) => reads.KindAsync(revision, plural, request),
            (_, [] or [_] or [_, _]) => ValueTask.FromResult(NotSupported(request)),
            _ => ValueTask.FromResult(AdminResponse.Error(404, "there is no such path; see docs/reference/revisions.md")),
        };
    }

    /// <summary><c>/api/gateway_groups/GROUP/KIND/ID/history...</c> and <c>.../restore</c>.</summary>
    public ValueTask<AdminResponse> ObjectAsync(ResourceKind kind, AdminRequest request)
    {
        if (RegistryApi.RefuseGroup(request) is { } refusal)
            return ValueTask.FromResult(refusal);
        (ObjectPath path, string[] rest) = PathOf(kind, request.Segments);
        if (!path.IsLegal)
            return ValueTask.FromResult(AdminResponse.KeyNotFound());
        return (request.Method, rest) switch
        {
            ("GET", ["history"]) => objects.HistoryAsync(path, request),
            ("GET", ["history", var revision]) => objects.AtAsync(path, revision, request),
            ("POST", ["restore"]) => restores.RestoreAsync(path, request),
            _ => ValueTask.FromResult(NotSupported(request)),
        };
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
