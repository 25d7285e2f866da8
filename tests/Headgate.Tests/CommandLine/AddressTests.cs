using Headgate.CommandLine;
using Headgate.Testing.Registries;

namespace Headgate.Tests.CommandLine;

/// <summary>What commands ask: the gateway group, the workspace and the message of the command line are in every request.</summary>
public sealed class AddressTests
{
    /// <summary>What every command finds something in.</summary>
    private const string Answer = """
        {"list":[],"total":0,"before":null,"value":{"nodes":[]},"kind":"drain","would":"update","difference":[],
         "affected":{"totals":{},"every_request":false,"complete":true,"requests_per_second":null}}
        """;

    [Theory]
    [InlineData("get", "upstreams")]
    [InlineData("get", "upstreams/a")]
    [InlineData("get", "upstreams", "--revision", "7")]
    [InlineData("dump")]
    [InlineData("validate", "-f", "FILE")]
    [InlineData("diff", "-f", "FILE")]
    [InlineData("apply", "-f", "FILE", "--yes", "--message", "why ü")]
    [InlineData("history")]
    [InlineData("history", "upstreams/a", "--limit", "700")]
    [InlineData("restore", "upstreams/a", "--revision", "7", "--yes", "--message", "why ü")]
    [InlineData("explain", "http://a.test/")]
    [InlineData("drain", "a", "a.test:80", "--message", "why ü")]
    [InlineData("drain", "a", "a.test:80", "--cancel", "--message", "why ü")]
    [InlineData("force", "up", "a", "a.test:80", "--message", "why ü")]
    [InlineData("force", "down", "routes/a", "a.test:80", "--message", "why ü")]
    [InlineData("discovery", "list")]
    [InlineData("discovery", "show", "web")]
    public async Task Request_NamesGroupAndWorkspace_AndSaysWhyItWrites(params string[] command)
    {
        await using AnsweringServer gateway = await AnsweringServer.StartAsync();
        gateway.Say(Answer);
        using var folder = new TemporaryFolder();
        string file = folder.Write("a.yaml", "upstreams:\n- {id: a, nodes: [{host: a.test, port: 80, weight: 1}]}\n");
        string key = folder.Write("key", "some-key");
        using StringWriter output = new(), error = new();

        await new GatewayCommands(output, error).RunAsync(
            [.. command.Select(word => word == "FILE" ? file : word), "--group", "g 1", "--workspace", "w", "--admin", gateway.Url, "--key-file", key]);

        (string Line, string? Message)[] requests = [.. gateway.Asked.Zip(gateway.Heads, static (line, head) => (line, head.GetValueOrDefault("X-Headgate-Message")))];
        requests.ShouldNotBeEmpty(error.ToString());
        requests.ShouldAllBe(static request => request.Line.EndsWith("gateway_group_id=g%201&workspace_id=w", StringComparison.Ordinal));
        requests.ShouldAllBe(static request => !request.Line.Contains("/gateway_groups/", StringComparison.Ordinal) || request.Line.Contains("/gateway_groups/g%201/", StringComparison.Ordinal));
        requests.Where(static request => request.Message is not null).ShouldAllBe(static request => request.Message == "why ü" && !request.Line.StartsWith("GET ", StringComparison.Ordinal));
        requests.Any(static request => request.Message is not null).ShouldBe(command.Contains("--message"), error.ToString());
    }

    [Fact]
    public async Task AnotherProgramThatAnswers_IsNoGateway()
    {
        await using AnsweringServer other = await AnsweringServer.StartAsync();
        using var folder = new TemporaryFolder();
        string key = folder.Write("key", "some-key");

        foreach (string body in (string[])["{}", "<html>", "[1]"])
        {
            other.Say(body);
            using StringWriter output = new(), error = new();
            (await new GatewayCommands(output, error).RunAsync(["explain", "http://a.test/", "--admin", other.Url, "--key-file", key])).ShouldBe(3);
            error.ToString().ShouldStartWith($"error: what answers at {other.Url}/ is no Admin API of Headgate's");
        }
    }
}
