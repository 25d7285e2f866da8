using System.CommandLine;
using System.Text;
using System.Text.Json;
using Headgate.CommandLine.Overrides;
using Headgate.Settings;

namespace Headgate.CommandLine;

/// <summary><c>headgate explain URL</c>: asks a running gateway what it would do with a request.</summary>
/// <param name="load">Reads the settings from a configuration file; null = the default one.</param>
/// <param name="output">Takes the answer.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class ExplainCommand(Func<string?, LoadedSettings> load, TextWriter output, TextWriter error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _url = new("URL") { Description = "What the client would ask for, such as http://a.test/orders?x=1." };
    private readonly Option<string> _method = new("--method", "-X") { Description = "Method of the request.", DefaultValueFactory = _ => "GET", HelpName = "METHOD" };
    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "A header field of the request; may be given several times.", HelpName = "NAME: VALUE" };
    private readonly Option<string> _client = new("--client") { Description = "Address of the client.", DefaultValueFactory = _ => "127.0.0.1", HelpName = "IP" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the answer of the API as it is." };
    private readonly Option<string?> _admin = new("--admin") { Description = "URL of the gateway's Admin API; default: as the configuration says, on this machine.", HelpName = "URL" };
    private readonly Option<string?> _key = new("--key-file") { Description = "File with a key of the Admin API; default: the key of the configuration, or the generated one.", HelpName = "FILE" };

    /// <summary>The command, with the option that names the configuration file.</summary>
    public Command Build(Option<string?> config)
    {
        var command = new Command("explain", "Says what a running gateway would do with a request, and why; nothing is sent to a node.") { _url, _method, _headers, _client, _json, _admin, _key, config };
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetValue(config), cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult given, string? file, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(given.GetValue(_url), UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            return await FailAsync($"\"{given.GetValue(_url)}\" is no URL of a request, such as http://a.test/orders?x=1", ExitCodes.ConfigurationError);
        Uri? admin = null;
        if (given.GetValue(_admin) is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out admin) || admin.Scheme is not ("http" or "https")))
            return await FailAsync($"--admin: \"{text}\" is no URL of an Admin API, such as http://127.0.0.1:9180", ExitCodes.ConfigurationError);
        if (AdminAccess.Find(() => load(file), admin, given.GetValue(_key), out AdminAccess? access) is { } problem)
            return await FailAsync(problem, ExitCodes.ConfigurationError);
        using var client = new HttpClient { BaseAddress = access!.Url, Timeout = Patience };
        if (access.Key is not null)
            client.DefaultRequestHeaders.Add("X-API-KEY", access.Key);
        try
        {
            using var question = new StringContent(Question(given, url), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.PostAsync(new Uri("/api/explain", UriKind.Relative), question, cancellationToken);
            string body = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (!answer.IsSuccessStatusCode)
                return await FailAsync($"the gateway answered {(int)answer.StatusCode}: {body.Trim()}", ExitCodes.Refused);
            await output.WriteAsync(given.GetValue(_json) ? body : ExplanationText.Of(body));
            return ExitCodes.Ok;
        }
        catch (HttpRequestException e)
        {
            return await FailAsync($"no gateway answers at {access.Url}: {e.Message}", ExitCodes.Unreachable);
        }
    }

    private string Question(ParseResult given, Uri url)
    {
        var headers = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (string header in given.GetValue(_headers) ?? [])
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            string name = (colon < 0 ? header : header[..colon]).Trim();
            if (!headers.TryGetValue(name, out List<string>? values))
                headers.Add(name, values = []);
            values.Add(colon < 0 ? "" : header[(colon + 1)..].Trim());
        }

        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["method"] = given.GetValue(_method)!,
            ["scheme"] = url.Scheme,
            ["host"] = url.Authority,
            ["path"] = Target(url),
            ["headers"] = headers,
            ["client_ip"] = given.GetValue(_client)!,
        });
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

    private async Task<int> FailAsync(string problem, int code)
    {
        await error.WriteLineAsync("error: " + problem);
        return code;
    }
}
