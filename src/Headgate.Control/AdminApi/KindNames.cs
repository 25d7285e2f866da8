using Headgate.Core.Config;

namespace Headgate.Control.AdminApi;

/// <summary>Finds the kind of object that a part of a path names; those that only Headgate has are none.</summary>
internal static class KindNames
{
    private static readonly IReadOnlyList<ResourceKind> Kinds = ResourceKinds.Apisix;

    /// <summary>By plural: <c>upstreams</c>.</summary>
    public static bool TryParse(string plural, out ResourceKind kind)
    {
        foreach (ResourceKind candidate in Kinds)
        {
            if (candidate.Plural() == plural)
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
