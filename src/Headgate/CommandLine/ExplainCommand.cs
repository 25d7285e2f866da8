using System.CommandLine;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Gateway;

namespace Headgate.CommandLine;

/// <summary><c>headgate explain URL</c>: asks a running gateway what it would do with a request.</summary>
/// <param name="options">The options of all commands that ask a gateway.</param>
/// <param name="output">Takes the answer.</param>
internal sealed class ExplainCommand(GatewayOptions options, TextWriter output)
{
    private readonly Argument<Uri?> _url = new("URL")
    {
        Description = "What the client would ask for, such as http://a.test/orders?x=1.",
        CustomParser = static given => UrlText.Read(given, "is no URL of a request, such as http://a.test/orders?x=1"),
    };

    private readonly Option<string> _method = new("--method", "-X") { Description = "Method of the request.", DefaultValueFactory = _ => "GET", HelpName = "METHOD" };
    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "A header field of the request; may be given several times.", HelpName = "NAME: VALUE" };
    private readonly Option<string> _client = new("--client") { Description = "Address of the client.", DefaultValueFactory = _ => "127.0.0.1", HelpName = "IP" };
    private readonly Option<string> _format = OutputFormat.Option();

    /// <summary>The command.</summary>
    public Command Build()
    {
        var command = new Command("explain", "Says what a running gateway would do with a request, and why; nothing is sent to a node.") { _url, _method, _headers, _client, _format };
        return options.Complete(command, (given, client, _) => RunAsync(given, client));
    }

    private async Task<int> RunAsync(ParseResult given, GatewayClient client)
    {
        GatewayAnswer answer = await client.SendAsync(HttpMethod.Post, "/api/explain", Question(given, given.GetValue(_url)!));
        if (!answer.IsSuccess)
            throw GatewayClient.Refused(answer);
        await OutputFormat.PrintAsync(output, given.GetValue(_format)!, answer.Body, () => ExplanationText.Of(answer.Element));
        return ExitCodes.Ok;
    }

    private JsonObject Question(ParseResult given, Uri url)
    {
        var headers = new Dictionary<string, JsonArray>(StringComparer.OrdinalIgnoreCase);
        foreach (string header in given.GetValue(_headers) ?? [])
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            string name = (colon < 0 ? header : header[..colon]).Trim();
            if (!headers.TryGetValue(name, out JsonArray? values))
                headers.Add(name, values = []);
            values.Add(JsonValue.Create(colon < 0 ? "" : header[(colon + 1)..].Trim()));
        }

        return new JsonObject
        {
            ["method"] = given.GetValue(_method),
            ["scheme"] = url.Scheme,
            ["host"] = url.Authority,
            ["path"] = Target(url),
            ["headers"] = new JsonObject(headers.Select(static field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value))),
            ["client_ip"] = given.GetValue(_client),
        };
    }

    /// <summary>Path and query as they were written: <see cref="Uri"/> would resolve dot segments and decode, which is for the gateway to do.</summary>
    private static string Target(Uri url)
    {
        string text = url.OriginalString;
        int authority = text.IndexOf("//", StringComparison.Ordinal) + 2;
        int path = text.AsSpan(authority).IndexOfAny('/', '?', '#');
        string target = path < 0 ? "/" : text[(authority + path)..];
        int fragment = target.IndexOf('#', StringComparison.Ordinal);
        target = fragment < 0 ? target : target[..fragment];
        return target.StartsWith('/') ? target : "/" + target;
    }
}
