using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Sessions through a restart, and through another gateway.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StickyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });

    public void Dispose()
    {
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Restart_WithTheGeneratedKey_SessionsStayOnTheirNodes()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        (string Node, string? Cookie) session;
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            await PutAsync(gateway, a, b);
            session = await AskAsync(gateway, null);
            (await gateway.StopAsync()).ShouldBe(0);
        }

        session.Cookie.ShouldNotBeNull();
        string keyFile = Path.Combine(_folder.FullName, "data", "sticky.key");
        File.GetUnixFileMode(keyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        for (int i = 0; i < 4; i++)
            (await AskAsync(again, session.Cookie)).ShouldBe((session.Node, null));
    }

    [Fact]
    public async Task AnotherGateway_WithTheSameKeyOnly_UnderstandsTheCookie()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using GatewayProcess one = await GatewayProcess.StartAsync("  sticky_key: a key that both have", _folder.FullName);
        await using GatewayProcess two = await GatewayProcess.StartAsync("  sticky_key: a key that both have");
        await using GatewayProcess stranger = await GatewayProcess.StartAsync();
        foreach (GatewayProcess gateway in (GatewayProcess[])[one, two, stranger])
            await PutAsync(gateway, a, b);

        (string node, string? cookie) = await AskAsync(one, null);

        for (int i = 0; i < 4; i++)
            (await AskAsync(two, cookie)).ShouldBe((node, null));
        (await AskAsync(stranger, cookie)).Cookie.ShouldNotBeNull();
        File.Exists(Path.Combine(_folder.FullName, "data", "sticky.key")).ShouldBeFalse();
    }

    private static async Task PutAsync(GatewayProcess gateway, ScriptedNode a, ScriptedNode b)
    {
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{a.Port}\":1,\"127.0.0.1:{b.Port}\":1}},\"sticky\":{{\"cookie\":{{}}}}}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);
    }

    /// <summary>Which node answered, and the pair of the cookie that was set; null = none was.</summary>
    private async Task<(string Node, string? Cookie)> AskAsync(GatewayProcess gateway, string? cookie)
    {
        using var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Get, gateway.Http);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        string? set = answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? values) ? values.Single().Split(';')[0] : null;
        return (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), set);
    }
}
