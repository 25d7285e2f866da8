using System.Globalization;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Gateway;

namespace Headgate.CommandLine.History;

/// <summary>Asks the gateway what was changed, a page at a time, and prints it.</summary>
internal sealed class HistoryCall(GatewayClient client, TextWriter output)
{
    /// <summary>Most changes of one answer of the API.</summary>
    private const int PageMax = 500;

    /// <summary>Prints the newest changes that pass.</summary>
    /// <param name="query">Arguments of the API.</param>
    /// <param name="limit">Changes at most.</param>
    /// <param name="format">How it is printed.</param>
    public async Task<int> ListAsync(IReadOnlyList<(string Name, string Value)> query, int limit, string format)
    {
        JsonObject found = await FindAsync(query, limit);
        await OutputFormat.PrintAsync(output, format, found, () => HistoryText.Of(found));
        return ExitCodes.Ok;
    }

    /// <summary>All pages as one, in the API's form. A page of a search may be short, even empty, and go on.</summary>
    private async Task<JsonObject> FindAsync(IReadOnlyList<(string Name, string Value)> query, int limit)
    {
        string path = await client.GroupPathAsync() + "/revisions?";
        Dictionary<string, string> arguments = query.ToDictionary(static one => one.Name, static one => one.Value);
        List<JsonNode> list = [];
        while (true)
        {
            arguments["page_size"] = Math.Min(PageMax, limit - list.Count).ToString(CultureInfo.InvariantCulture);
            JsonObject page = (await client.GetAsync(path + string.Join('&', arguments.Select(static one => $"{one.Key}={Uri.EscapeDataString(one.Value)}")))).Body;
            list.AddRange((page["list"] as JsonArray ?? []).OfType<JsonNode>());
            if (page["before"] is { } before && list.Count < limit)
            {
                arguments["before"] = before.ToString();
                continue;
            }

            page["list"] = new JsonArray([.. list.Select(static change => change.DeepClone())]);
            return page;
        }
    }
}
