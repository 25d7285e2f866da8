using System.Text;
using System.Text.RegularExpressions;
using Headgate.Control.AdminApi;
using Headgate.Control.ControlApi;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Control.Tests.ControlApi;

/// <summary>The page of <c>/v1/healthcheck</c>.</summary>
public sealed partial class HealthHtmlTests : IDisposable
{
    private readonly ServedConfig _served = new(("upstreams/1", """
        {"nodes":[{"host":"127.0.0.1","port":1980,"weight":1},{"host":"b.test","port":1981,"weight":1}],"checks":{"active":{"type":"tcp"}}}
        """));

    public void Dispose() => _served.Dispose();

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true)]
    [InlineData("TEXT/HTML;q=0.1", true)]
    [InlineData("text/html;q=0", false)]
    [InlineData("application/json, text/html;q=0.5", false)]
    [InlineData("application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("text/htmlx", false)]
    [InlineData(";;,text", false)]
    public async Task Healthcheck_AcceptHeader_DecidesBetweenPageAndJson(string accept, bool html)
    {
        await using var store = new InMemoryStore();
        await using WebServer server = await WebServer.StartAsync(application => application.MapControlApi(store, _served));

        foreach (string path in (string[])["/v1/healthcheck", "/v1/healthcheck/upstreams/1"])
        {
            AdminAnswer answer = (await server.Client.Send("GET", path, null, ("Accept", accept))).ShouldBe(200);
            answer.Message.Content.Headers.ContentType!.ToString().ShouldBe(html ? "text/html; charset=utf-8" : "application/json");
        }
    }

    [Fact]
    public async Task Healthcheck_AsPage_HasARowForEachNode()
    {
        NodeState node = _served.Find("upstreams/1")!.Upstream.Nodes[0].State;
        node.Health.Report(HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
        await using var store = new InMemoryStore();
        await using WebServer server = await WebServer.StartAsync(application => application.MapControlApi(store, _served));

        string page = (await server.Client.Send("GET", "/v1/healthcheck", null, ("Accept", "text/html"))).Body;

        Cells(page).ShouldBe([
            "1", "/apisix/upstreams/1", "tcp", "127.0.0.1:1980", "unhealthy", "0", "1", "0", "0",
            "2", "/apisix/upstreams/1", "tcp", "b.test:1981", "healthy", "0", "0", "0", "0"]);
        (await server.Client.Send("GET", "/v1/healthcheck/routes/9", null, ("Accept", "text/html"))).ShouldBe(404).ErrorMessage.ShouldBe("routes[9] not found");
    }

    [Fact]
    public void Page_WhatComesFromOutside_IsEscaped()
    {
        UpstreamSnapshot served = _served.Find("upstreams/1")!.Upstream;
        NodeConfig config = served.Nodes[0].Config with { Host = "<script>" };
        var node = new NodeSnapshot(0, config, new NodeState(new NodeKey("upstreams/<i>&\"", "<script>", 80)), []);
        var odd = new UpstreamSnapshot { Config = served.Config, Nodes = [node], Profile = served.Profile, TriesMax = 1, RewriteHost = [] };

        AdminResponse page = HealthHtml.Page([new ServedUpstream("upstreams/<i>&\"", odd)]);

        string text = Encoding.UTF8.GetString(page.Body.Span);
        text.ShouldContain("<td>/apisix/upstreams/&lt;i&gt;&amp;&quot;</td>");
        text.ShouldContain("<td>&lt;script&gt;:1980</td>");
        text.ShouldNotContain("<script>");
        text.ShouldNotContain("<i>");
    }

    private static string[] Cells(string page) => [.. Cell().Matches(page).Select(match => match.Groups["text"].Value)];

    [GeneratedRegex("<td>(?<text>[^<]*)</td>")]
    private static partial Regex Cell();
}
