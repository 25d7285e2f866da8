using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;

namespace Headgate.Control.Revisions.Preview;

/// <summary><c>/api/gateway_groups/GROUP/affected?of=KIND/ID,...</c>: whom an edit of these objects would concern, which is who uses them.</summary>
internal sealed class AffectedReads(GroupScope scope)
{
    private const string Argument = "of";

    /// <summary>Most objects that one request may ask about: a page of a list.</summary>
    private const int ObjectsMax = 100;

    /// <summary>Answers, in the order that was asked for; what is not in the workspace is not in the answer.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(AdminRequest request)
    {
        string[] names = request.Query[Argument].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length is 0 or > ObjectsMax)
            return AdminResponse.Error(400, $"argument {Argument} names {names.Length} objects; allowed: 1 to {ObjectsMax}, as KIND/ID with commas between");
        var paths = new List<ObjectPath>(names.Length);
        foreach (string name in names)
        {
            if (!ObjectPath.TryParse(name.Split('/'), out ObjectPath path, out string[] rest) || rest.Length > 0 || path.Id is null || !path.IsLegal)
                return AdminResponse.Error(400, $"invalid argument {Argument} {name}; allowed: KIND/ID, such as upstreams/1, several with commas between");
            paths.Add(path);
        }

        var found = new List<(string Key, BlastRadius Radius)>(paths.Count);
        foreach (ObjectPath path in paths)
        {
            if (await scope.Reads.FindAsync(path, request) is { } entry)
                found.Add((entry.Key, scope.Radii.Of(entry.Key)));
        }

        return AdminResponse.Object(200, found, static (writer, list) =>
        {
            writer.WriteStartArray("list");
            foreach ((string key, BlastRadius radius) in list)
            {
                writer.WriteStartObject();
                RevisionJson.WriteKey(writer, key);
                writer.WriteStartObject("affected");
                radius.WriteMembers(writer);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
