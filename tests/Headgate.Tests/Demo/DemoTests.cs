using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.Demo;

public sealed class DemoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_TenRequests_AreBalancedFiveThreeTwo_AndNothingIsLeftBehind()
    {
        using var folder = new TemporaryFolder();
        await using var process = new HeadgateProcess(folder.Path, ["demo"], [.. HeadgateProcess.FreePorts, ("TMPDIR", folder.Path)]);
        using var client = new HttpClient();
        Uri traffic = await process.UrlAsync("HTTP");
        await process.LineAsync(l => l.StartsWith("Ctrl-C stops everything", StringComparison.Ordinal));
        Directory.GetDirectories(folder.Path, "headgate-demo-*").ShouldHaveSingleItem();

        var answers = new List<string>();

        // The route follows within milliseconds of the Admin API's answer, not with it.
        await Eventually.HoldsAsync(AskAsync, "the route is served");
        while (answers.Count < 10)
            (await AskAsync()).ShouldBeTrue();

        answers.GroupBy(a => a.Trim()).Select(g => $"{g.Key} x {g.Count()}").Order().ShouldBe(["node a: GET /hello x 5", "node b: GET /hello x 3", "node c: GET /hello x 2"]);
        process.Terminate();
        (await process.ExitAsync()).ShouldBe(0);
        Directory.GetDirectories(folder.Path).ShouldBeEmpty();

        async Task<bool> AskAsync()
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(traffic, "/hello"), Token);
            if (response.IsSuccessStatusCode)
                answers.Add(await response.Content.ReadAsStringAsync(Token));
            return response.IsSuccessStatusCode;
        }
    }
}
