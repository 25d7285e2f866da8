using System.Buffers;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>Which object, or which list of them, a request is about.</summary>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Parent">The consumer of a credential, the manager of a secret; null for other kinds and for the list of all secrets.</param>
/// <param name="Id">Its own part of the id; null = the list, or an id that is still to be had from the body.</param>
internal readonly record struct ObjectPath(ResourceKind Kind, string? Parent, string? Id)
{
    private const int NameMax = 256;

    private static readonly SearchValues<char> NameChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The id among all objects of the kind. Only with an <see cref="Id"/>.</summary>
    public string FullId => Kind switch
    {
        ResourceKind.Credential => ResourceKinds.CredentialId(Parent!, Id!),
        ResourceKind.Secret => $"{Parent}/{Id}",
        _ => Id!,
    };

    /// <summary>Store key. Only with an <see cref="Id"/>.</summary>
    public string Key => Kind.Key(FullId);

    /// <summary>With what the store keys of the list begin.</summary>
    public string ListPrefix => Kind.Key(Kind == ResourceKind.Credential ? ResourceKinds.CredentialId(Parent!, "") : Parent is null ? "" : Parent + "/");

    /// <summary>What is stored as <c>id</c>; null for a consumer, whose name is in <c>username</c>.</summary>
    public string? StoredId => Kind switch
    {
        ResourceKind.Consumer => null,
        ResourceKind.Secret => FullId,
        _ => Id,
    };

    /// <summary>Whether there can be such an object.</summary>
    public bool IsLegal => Id is not null && Kind switch
    {
        ResourceKind.Consumer => IsName(Id),
        ResourceKind.Credential => IsName(Parent!) && ObjectId.IsLegal(Id),
        ResourceKind.Secret => Parent is not null && ObjectId.IsLegal(Parent) && ObjectId.IsLegal(Id),
        _ => ObjectId.IsLegal(Id),
    };

    /// <summary>How a path to an object of the kind is written, for texts.</summary>
    public static string Form(ResourceKind kind) => kind switch
    {
        ResourceKind.Consumer => "consumers/NAME",
        ResourceKind.Credential => "consumers/NAME/credentials/ID",
        ResourceKind.Secret => "secrets/MANAGER/ID",
        ResourceKind.PluginMetadata => "plugin_metadata/PLUGIN",
        _ => kind.Plural() + "/ID",
    };

    /// <summary>Reads the parts of a path; <paramref name="rest"/> is what follows the id. False when it begins with no kind of object.</summary>
    public static bool TryParse(string[] segments, out ObjectPath path, out string[] rest)
    {
        (path, rest) = (default, []);
        string first = segments.Length > 0 ? segments[0] : "";
        if (!KindNames.TryParse(first, out ResourceKind kind) || kind == ResourceKind.Credential)
            return false;
        int parents = kind == ResourceKind.Secret ? 1 : 0;
        if (kind == ResourceKind.Consumer && segments.Length > 2 && segments[2] == ResourceKind.Credential.Plural())
        {
            path = new ObjectPath(ResourceKind.Credential, segments[1], segments.Length > 3 ? segments[3] : null);
            rest = segments.Length > 4 ? segments[4..] : [];
            return true;
        }

        path = new ObjectPath(kind, parents > 0 && segments.Length > 1 ? segments[1] : null, segments.Length > parents + 1 ? segments[parents + 1] : null);
        rest = segments.Length > parents + 2 ? segments[(parents + 2)..] : [];
        return true;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= NameMax && !name.AsSpan().ContainsAnyExcept(NameChars);
}
