using System.Text;
using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.References;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>
/// Why an object cannot be deleted. It begins with APISIX's sentence, which names one user; then come the others, and <c>users</c> holds the keys of all.
/// </summary>
internal static class DeletionRefusal
{
    /// <summary>The sentence names so many; the array always names all.</summary>
    private const int NamedMax = 20;

    /// <summary>Routes first, then services, then the rest: the order in which APISIX looks.</summary>
    private static readonly string[] Order = ["routes", "services", "stream_routes", "plugin_configs", "consumers", "consumer_groups", "global_rules", "upstreams"];

    public static AdminResponse Of(ResourceKind kind, string key, IReadOnlyList<string> users, ObjectIndex index) =>
        AdminResponse.Object(400, (kind, key, users, index), static (writer, state) => WriteMembers(writer, state.kind, state.key, state.users, state.index));

    /// <summary>Writes the members of the refusal.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ResourceKind kind, string key, IReadOnlyList<string> users, ObjectIndex index)
    {
        List<string> ordered = [.. users.OrderBy(user => Array.IndexOf(Order, Directory(user)) is var place and >= 0 ? place : Order.Length)];
        StringBuilder text = new();
        text.Append("can not delete this ").Append(kind.Singular()).Append(kind == ResourceKind.Service ? " directly, " : ", ");
        bool byPlugin = index.TryGet(ordered[0], out IndexedObject? first) && first.References.Where(reference => reference.TargetKey == key).All(reference => reference.ByPlugin);
        text.Append(byPlugin ? "plugin in " : "").Append(Name(ordered[0])).Append(" is still using it now");
        for (int place = 1; place < Math.Min(ordered.Count, NamedMax); place++)
            text.Append(place == 1 ? "; also " : ", ").Append(Name(ordered[place]));
        if (ordered.Count > NamedMax)
            text.Append(" and ").Append(ordered.Count - NamedMax).Append(" more");
        writer.WriteString("error_msg", text.ToString());
        writer.WriteTexts("users", ordered);
    }

    private static string Directory(string key) => key.Split('/') is [_, _, var directory, ..] ? directory : "";

    /// <summary><c>/apisix/routes/1</c> is <c>route [1]</c>; global rules keep their plural, as in APISIX.</summary>
    private static string Name(string key)
    {
        string directory = Directory(key);
        string id = key[(key.LastIndexOf('/') + 1)..];
        return $"{(directory == "global_rules" ? directory : directory.TrimEnd('s'))} [{id}]";
    }
}
