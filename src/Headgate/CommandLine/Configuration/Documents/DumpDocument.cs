using System.Text;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Live;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Documents;

/// <summary>The whole configuration of a gateway group and workspace as one document, which <c>apply</c> takes.</summary>
internal static class DumpDocument
{
    /// <summary>As JSON, which has no comments.</summary>
    public static string Json(IReadOnlyList<LiveObject> live) => new JsonObject(Lists(live).Select(static list => KeyValuePair.Create(list.Kind.Plural(), (JsonNode?)list.Items))).ToJsonString(JsonLayout.Indented) + "\n";

    /// <summary>As YAML. Comments say what is not in it.</summary>
    public static string Yaml(IReadOnlyList<LiveObject> live)
    {
        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine("# Configuration of a gateway; headgate apply takes it.");
        if (live.Any(static one => HoldsSecrets(one)))
            text.WriteLine("# It holds secrets of plugins in the clear. $env://NAME and $secret://MANAGER/ID/NAME keep them out of files.");
        foreach ((ResourceKind kind, JsonArray items) in Lists(live))
        {
            text.WriteLine();
            foreach (string line in Comments(kind))
                text.WriteLine("# " + line);
            YamlWriter.Write(text, new JsonObject { [kind.Plural()] = items });
        }

        return text.ToString();
    }

    private static string[] Comments(ResourceKind kind) => kind switch
    {
        ResourceKind.Ssl => ["The gateway does not give private keys back. It keeps those that it has; to make a certificate elsewhere, add its key as the member key."],
        ResourceKind.ServiceRegistry => [$"\"{SecretFields.Redacted}\" stands for a secret that the gateway keeps; to make a connection elsewhere, write the secret."],
        _ => [],
    };

    private static bool HoldsSecrets(LiveObject one) =>
        one.Name.Kind is not (ResourceKind.Ssl or ResourceKind.ServiceRegistry)
        && SecretFields.Texts(one.Name.Kind, one.Name.Id, Encoding.UTF8.GetBytes(one.Value.ToJsonString(JsonLayout.Dense))).Any(static text => text is not ['$', ..]);

    /// <summary>A list a kind that has objects. Credentials stand in their consumers; one without has none there, and that is said, so that it stays so.</summary>
    private static IEnumerable<(ResourceKind Kind, JsonArray Items)> Lists(IReadOnlyList<LiveObject> live)
    {
        ILookup<ResourceKind, LiveObject> byKind = live.ToLookup(static one => one.Name.Kind);
        ILookup<string, LiveObject> credentials = byKind[ResourceKind.Credential].ToLookup(static one => ResourceKinds.ConsumerOf(one.Name.Id));
        foreach (ResourceKind kind in ObjectName.Listed.Where(byKind.Contains))
        {
            var items = new JsonArray();
            foreach (LiveObject one in byKind[kind])
            {
                JsonObject item = ObjectLayout.Of(one);
                if (kind == ResourceKind.Consumer)
                    item["credentials"] = new JsonArray([.. credentials[one.Name.Id].Select(ObjectLayout.Of)]);
                items.Add(item);
            }

            yield return (kind, items);
        }
    }
}
