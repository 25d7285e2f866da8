using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>What is left after a crash, and who may open what is left.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class RestartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task KilledAmongWrites_EverythingAnsweredIsThereAndServed()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("answer");
        ConcurrentBag<int> answered;
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{node.Port}\":1}}}}");
            using HttpClient admin = AdminLoad.Client(gateway, 8);
            answered = await AdminLoad.StormAsync(
                admin, 8, 500, gateway.Process.Kill, i => ($"routes/{i}", $"{{\"uri\":\"/r{i}\",\"upstream_id\":\"1\"}}"));
        }

        answered.Count.ShouldBeGreaterThanOrEqualTo(500);
        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        using HttpClient reader = AdminLoad.Client(again, 1);
        JsonNode list = JsonNode.Parse(await reader.GetStringAsync(new Uri("routes", UriKind.Relative)))!;
        HashSet<string> stored = [.. list["list"]!.AsArray().Select(o => (string)o!["value"]!["id"]!)];
        answered.Where(i => !stored.Contains($"{i}")).ShouldBeEmpty();
        using KeptClient client = await KeptClient.ConnectAsync(again.HttpPort);
        foreach (int i in answered)
            (await client.AskAsync(KeptClient.Get($"/r{i}"))).Status.ShouldBe(200, $"/r{i}");
    }

    [Fact]
    public async Task SecondProcessOnTheSameFolder_IsRefused_AndTheFirstGoesOn()
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName);
        await using GatewayProcess second = GatewayProcess.Launch(folder: _folder.FullName);
        (await second.Process.WaitAsync()).ShouldBe(2);
        second.Process.Log.ShouldContain($"error: cannot start: The data folder {_folder.FullName}/data is in use by process {gateway.Process.Id} on ");
        second.Process.Log.ShouldContain("(headgate.data)");
        (await gateway.AdminAsync("PUT", "/upstreams/1", """{"nodes":{"127.0.0.1:1":1}}""")).Status.ShouldBe(201);
        (await gateway.StopAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4096)]
    public async Task DamagedDatabase_IsRefusedAndLeftUntouched(int offset)
    {
        byte[] damaged;
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            await gateway.PutAsync("/upstreams/1", """{"nodes":{"127.0.0.1:1":1}}""");
            (await gateway.StopAsync()).ShouldBe(0);
            damaged = await File.ReadAllBytesAsync(gateway.Database);
            damaged.AsSpan(offset, 2000).Fill(0xA5);
            await File.WriteAllBytesAsync(gateway.Database, damaged);
        }

        await using GatewayProcess again = GatewayProcess.Launch(folder: _folder.FullName);
        (await again.Process.WaitAsync()).ShouldBe(2, again.Process.Log);
        again.Process.Log.ShouldContain("error: cannot start: ");
        again.Process.Log.ShouldContain(again.Database);
        again.Process.Log.ShouldNotContain("   at ");
        (await File.ReadAllBytesAsync(again.Database)).ShouldBe(damaged);
    }
}
