using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Headgate.CommandLine.Configuration.Live;
using Headgate.CommandLine.Configuration.Planning;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;
using Headgate.Settings;
using Headgate.Settings.Source;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>Asks a gateway what it would refuse of what files say; nothing is written.</summary>
/// <param name="client">Asks the gateway.</param>
/// <param name="problems">Takes what is wrong, with lines.</param>
internal sealed partial class ConfigurationValidation(GatewayClient client, SettingProblems problems)
{
    /// <summary>Bytes of one request; the gateway takes 1.5 MiB.</summary>
    private const int PieceBytesMax = 1_400_000;

    /// <summary>Checks everything.</summary>
    /// <exception cref="CommandFailedException">The gateway refused to check.</exception>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async Task RunAsync(WantedConfiguration wanted)
    {
        IReadOnlyList<LiveObject> certificates = wanted.Objects.Any(WithoutKey) ? await new LiveConfiguration(client).ReadAsync([ResourceKind.Ssl]) : [];
        Dictionary<ObjectName, LiveObject> known = certificates.ToDictionary(static one => one.Name);
        foreach (IReadOnlyList<WantedObject> piece in Pieces(wanted.Objects.Where(one => !(WithoutKey(one) && IsKept(one, known)))))
        {
            GatewayAnswer answer = await client.SendAsync(HttpMethod.Post, "/apisix/admin/configs/validate", Body(piece));
            if (answer.IsSuccess)
                continue;
            if (answer.Body["errors"] is not JsonArray errors)
                throw GatewayClient.Refused(answer);
            foreach (JsonObject error in errors.OfType<JsonObject>())
                Add(error, wanted);
        }
    }

    /// <summary>Objects in pieces that the gateway takes; one that is too large on its own is a piece, which it refuses.</summary>
    private static IEnumerable<IReadOnlyList<WantedObject>> Pieces(IEnumerable<WantedObject> objects)
    {
        List<WantedObject> piece = [];
        long bytes = 0;
        foreach (WantedObject one in objects)
        {
            int size = Encoding.UTF8.GetByteCount(one.Value.ToJsonString(JsonLayout.Dense)) + one.Name.Id.Length + 10;
            if (piece.Count > 0 && bytes + size > PieceBytesMax)
            {
                yield return piece;
                (piece, bytes) = ([], 0);
            }

            piece.Add(one);
            bytes += size;
        }

        if (piece.Count > 0)
            yield return piece;
    }

    private static JsonObject Body(IReadOnlyList<WantedObject> piece)
    {
        var body = new JsonObject();
        foreach (WantedObject one in piece)
        {
            // A credential is posted among the consumers, its id saying whose it is.
            bool isCredential = one.Name.Kind == ResourceKind.Credential;
            string plural = (isCredential ? ResourceKind.Consumer : one.Name.Kind).Plural();
            if (body[plural] is not JsonArray list)
                body[plural] = list = [];
            var item = (JsonObject)one.Value.DeepClone();
            if (isCredential)
                item["id"] = one.Name.Id;
            list.Add((JsonNode)item);
        }

        return body;
    }

    private static bool WithoutKey(WantedObject one) => one.Name.Kind == ResourceKind.Ssl && !ComparableObject.HasKey(one.Value);

    /// <summary>Whether the gateway has the certificate already, and with it the key.</summary>
    private static bool IsKept(WantedObject ssl, Dictionary<ObjectName, LiveObject> known) =>
        known.TryGetValue(ssl.Name, out LiveObject? live) && JsonNode.DeepEquals(live.Value["cert"], ssl.Value["cert"]) && JsonNode.DeepEquals(live.Value["certs"], ssl.Value["certs"]);

    private void Add(JsonObject error, WantedConfiguration wanted)
    {
        string text = error["error"]?.ToString() ?? "";
        string plural = error["resource_type"]?.ToString() ?? "", id = error["resource_id"]?.ToString() ?? "";
        if (ObjectName.FindKind(plural) is not { } kind)
        {
            problems.Error(null, plural, text);
            return;
        }

        // What is named may be in another piece.
        Match missing = Missing().Match(text);
        if (missing.Success && wanted.Objects.Any(one => one.Name.Id == missing.Groups["id"].Value && one.Name.Kind.Singular() == missing.Groups["kind"].Value))
            return;
        var name = new ObjectName(kind == ResourceKind.Consumer && id.Contains('/', StringComparison.Ordinal) ? ResourceKind.Credential : kind, id);
        SettingOrigin? origin = wanted.Find(name)?.OriginOf(missing.Success ? MemberNaming(missing.Groups["kind"].Value) : MemberIn(text));
        problems.Error(origin, name.ToString(), text);
    }

    /// <summary>The member that names an object of a kind.</summary>
    private static string MemberNaming(string kind) => kind == ResourceKind.ConsumerGroup.Singular() ? "group_id" : $"{kind.Replace(' ', '_')}_id";

    /// <summary>The member that a refusal is about, as it is worded.</summary>
    private static string? MemberIn(string text) =>
        Member().Match(text) is { Success: true } found ? found.Groups["name"].Value : text.Contains("plugin", StringComparison.Ordinal) ? "plugins" : null;

    [GeneratedRegex(@"^failed to fetch (?<kind>.+) info by .+ id \[(?<id>.+)\], response code: 404\z", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex("property \"(?<name>[^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Member();
}
