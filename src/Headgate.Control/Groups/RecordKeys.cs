using Headgate.Core.Config;

namespace Headgate.Control.Groups;

/// <summary>
/// Store keys of what lies beside the objects, outside their prefixes: gateway groups, workspaces, and which workspace owns which object. Another program that reads the objects' prefix
/// (APISIX) sees none of it.
/// </summary>
internal static class RecordKeys
{
    /// <summary>With what the keys of all gateway groups begin.</summary>
    public const string Groups = "/headgate/gateway_groups/";

    /// <summary>With what the keys begin of all that says how groups are divided; a group's id follows.</summary>
    public const string TenancyPrefix = "/headgate/tenancy/";

    /// <summary>Key of a group; there need not be one for the default group.</summary>
    public static string Group(string group) => Groups + group;

    /// <summary>With what begins all that says how a group is divided: <see cref="Workspaces"/> and <see cref="Owners"/>.</summary>
    public static string Tenancy(string group) => $"{TenancyPrefix}{group}/";

    /// <summary>With what the keys of a group's workspaces begin.</summary>
    public static string Workspaces(string group) => Tenancy(group) + "workspaces/";

    /// <summary>With what the keys of a group's records of ownership begin.</summary>
    public static string Owners(string group) => Tenancy(group) + "owners/";

    /// <summary>Key of the record that says which workspace owns the object at <paramref name="objectKey"/>; there is none for those of the default workspace.</summary>
    public static string Owner(string group, string objectKey) => Owners(group) + objectKey[(ResourceKinds.DefaultPrefix.Length + 1)..];

    /// <summary>The object key of a record of ownership.</summary>
    public static string OwnedBy(string group, string ownerKey) => $"{ResourceKinds.DefaultPrefix}/{ownerKey[Owners(group).Length..]}";
}
