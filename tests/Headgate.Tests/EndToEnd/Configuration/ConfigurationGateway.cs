using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Headgate.CommandLine;
using Headgate.CommandLine.Gateway;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.EndToEnd.Configuration;

/// <summary>A gateway of the built executable, with an empty gateway group for each test, and the commands that ask it.</summary>
public sealed class ConfigurationGateway : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private GatewayProcess? _gateway;
    private int _groups;

    internal GatewayProcess Gateway => _gateway!;

    private string KeyFile => Path.Combine(_folder.Path, "admin.key");

    private Uri Admin => new(new Uri(Gateway.Admin).GetLeftPart(UriPartial.Authority));

    public async ValueTask InitializeAsync()
    {
        _folder.Write("admin.key", GatewayProcess.AdminKey);
        _gateway = await GatewayProcess.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>An empty gateway group.</summary>
    internal async Task<string> GroupAsync()
    {
        string id = $"g{Interlocked.Increment(ref _groups)}";
        await ApiAsync("POST", "/api/gateway_groups", $$"""{"id":"{{id}}","name":"{{id}}"}""");
        return id;
    }

    /// <summary>Asks the API; fails when it refuses.</summary>
    internal async Task<string> ApiAsync(string method, string path, string? body = null)
    {
        using var client = new HttpClient { BaseAddress = Admin };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-API-KEY", GatewayProcess.AdminKey);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return text;
    }

    /// <summary>An API token of a new user with the role editor in a workspace.</summary>
    internal async Task<string> TokenAsync(string name, string group, string workspace)
    {
        string user = await ApiAsync("POST", "/api/users", $$"""{"username":"{{name}}","roles":[{"role":"editor","gateway_group_id":"{{group}}","workspace_id":"{{workspace}}"}]}""");
        string given = Value(user).GetProperty("password").GetString()!;
        using var client = new HttpClient { BaseAddress = Admin }; // keeps the cookie
        async Task<JsonElement> AskAsync(HttpMethod method, string path, object body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
            using HttpResponseMessage answer = await client.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            answer.IsSuccessStatusCode.ShouldBeTrue(text);
            if (Value(text).TryGetProperty("csrf_token", out JsonElement proof))
            {
                client.DefaultRequestHeaders.Remove("X-CSRF-Token");
                client.DefaultRequestHeaders.Add("X-CSRF-Token", proof.GetString());
            }

            return Value(text);
        }

        await AskAsync(HttpMethod.Post, "/api/session", new { username = name, password = given });
        await AskAsync(HttpMethod.Put, "/api/session/password", new { old_password = given, new_password = "a fine long password" });
        JsonElement token = await AskAsync(HttpMethod.Post, "/api/tokens", new { name = "ci", gateway_group_id = group, workspace_id = workspace });
        return token.GetProperty("token").GetString()!;
    }

    private static JsonElement Value(string answer) => JsonElement.Parse(answer).GetProperty("value");

    /// <summary>A file for a command.</summary>
    internal string File(string text, string ending = ".yaml") => _folder.Write(Guid.NewGuid().ToString("N") + ending, text);

    /// <summary>A path at which no file is.</summary>
    internal string NewPath(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Arguments by which the executable finds the gateway.</summary>
    internal string[] Access(string group) => ["--group", group, "--admin", Admin.AbsoluteUri, "--key-file", KeyFile];

    /// <summary>Runs a command in this process, as the executable does.</summary>
    internal async Task<Said> RunAsync(string group, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await new GatewayCommands(output, error).RunAsync([.. arguments, .. Access(group)]);
        return new Said(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must be carried out; warnings about what has no effect are all that it may say beside.</summary>
    internal async Task<string> DoAsync(string group, params string[] arguments)
    {
        Said said = await RunAsync(group, arguments);
        said.Code.ShouldBe(0, said.Output + said.Error);
        said.Error.Split('\n').Where(static line => line.Length > 0 && !line.StartsWith("warning: ", StringComparison.Ordinal)).ShouldBeEmpty();
        return said.Output;
    }

    /// <summary>What the commands ask with.</summary>
    internal GatewayClient Client(string group) => new(new AdminAccess(Admin, GatewayProcess.AdminKey), group, null, CancellationToken.None);

    /// <summary>What a command said.</summary>
    internal sealed record Said(int Code, string Output, string Error);
}
