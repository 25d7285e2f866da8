using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Start and stop as a user sees them.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StopTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Run_OnAnEmptyFolder_PrintsTheFirstSteps_AndASignalEndsItCleanly(string signal)
    {
        await using GatewayProcess gateway = GatewayProcess.Launch(adminKey: "");
        await Eventually.HoldsAsync(() => gateway.Process.HasExited || gateway.Process.Log.Contains("  curl http", StringComparison.Ordinal), "first steps", 60);
        string log = gateway.Process.Log;
        string key = Path.Combine(gateway.Folder, "data", "admin.key");
        log.ShouldContain("The store is empty. The first upstream, a route to it, and a request:\n");
        log.ShouldContain($"  curl -X PUT {gateway.Admin}/upstreams/1 -H \"X-API-KEY: $(cat '{key}')\" -d '{{\"nodes\":{{\"127.0.0.1:8080\":1}}}}'\n");
        File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        log.ShouldNotContain((await File.ReadAllTextAsync(key)).Trim());

        // What it printed works as it stands.
        string[] steps = [.. log.Split('\n').Where(l => l.StartsWith("  curl ", StringComparison.Ordinal)).Select(l => l.Trim() + " -sS -o /dev/null -w '%{http_code}'")];
        List<string> answers = [];
        foreach (string step in steps[..2])
            answers.Add((await Tool.RunAsync("/bin/sh", "dash", "-c", step)).Output);
        answers.ShouldBe(["201", "201"]);

        gateway.Process.Signal(signal);
        (await gateway.Process.WaitAsync()).ShouldBe(0, gateway.Process.Log);
        gateway.Process.Log.ShouldEndWith("stopped\n" + gateway.Process.Log.Split('\n')[^2] + "\n");
        gateway.Process.Log.Split('\n')[^2].ShouldContain("is closed at revision 3");
    }

    [Fact]
    public async Task Terminate_UnderLoad_EveryRequestThatReachedANodeIsAnswered()
    {
        const int Clients = 16, Held = 4;
        int reached = 0, held = 0, done = 0;
        var isStopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Slow enough that most connections have a request under way at any time; those that are held have one when the gateway stops, however busy the machine is.
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                Interlocked.Increment(ref reached);
                if (head.StartsWith("GET /held ", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref held);
                    await isStopping.Task.WaitAsync(peer.Stopping);
                }
                else
                {
                    await Task.Delay(20, peer.Stopping);
                }

                await peer.AnswerAsync("answer");
            }
        });
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.RouteAllToAsync(node.Port);
        Task<string>[] clients = [.. Enumerable.Range(0, Clients).Select(_ => AskUntilClosedAsync(gateway.HttpPort, "/", () => Interlocked.Increment(ref done)))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref done) > 1_000 || clients.Any(c => c.IsCompleted), "traffic", 60);
        Task<string>[] waiting = [.. Enumerable.Range(0, Held).Select(_ => AskUntilClosedAsync(gateway.HttpPort, "/held", () => Interlocked.Increment(ref done)))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref held) == Held, "those that are held have reached the node");
        clients.ShouldAllBe(c => !c.IsCompleted);
        gateway.Process.Signal("TERM");

        // The port is closed before connections are told; when all of the others have ended, so have those that are held been told, all or nearly all of them.
        string[] ends = await Task.WhenAll(clients);
        isStopping.SetResult();
        (await gateway.Process.WaitAsync()).ShouldBe(0, gateway.Process.Log);
        string[] heldEnds = await Task.WhenAll(waiting);
        heldEnds.ShouldContain("announced", "answers under way at the signal say that the connection ends");
        ends = [.. ends, .. heldEnds];
        done.ShouldBe(reached, string.Join(", ", ends));
        ends.ShouldAllBe(end => end == "announced" || end == "closed while idle");
    }

    [Fact]
    public async Task Terminate_WhileANodeIsSlow_TheAnswerStillComes()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.TrySetResult();
            await answer.Task;
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
        });
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.RouteAllToAsync(node.Port);
        using KeptClient client = await KeptClient.ConnectAsync(gateway.HttpPort);
        Task<(int Status, ReadOnlyMemory<byte> Body)> pending = client.AskAsync(KeptClient.Get("/"));
        await asked.Task;
        gateway.Process.Signal("TERM");
        await Eventually.HoldsAsync(async () => !await FreePorts.AcceptsAsync(gateway.HttpPort), "no new connections");
        gateway.Process.HasExited.ShouldBeFalse(gateway.Process.Log);
        answer.SetResult();
        (int status, ReadOnlyMemory<byte> body) = await pending;
        (status, System.Text.Encoding.ASCII.GetString(body.Span)).ShouldBe((200, "late"));
        (await gateway.Process.WaitAsync()).ShouldBe(0, gateway.Process.Log);
    }

    [Fact]
    public async Task Terminate_WithARequestThatNeverEnds_StopsAfterTheShutdownTimeout()
    {
        var asked = new TaskCompletionSource();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.TrySetResult();
            await peer.ReadHeadAsync();
        });
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("  shutdown_timeout: 1s");
        await gateway.RouteAllToAsync(node.Port);
        using KeptClient client = await KeptClient.ConnectAsync(gateway.HttpPort);
        Task pending = client.AskAsync(KeptClient.Get("/"));
        await asked.Task;
        (await gateway.StopAsync()).ShouldBe(0, gateway.Process.Log);
        await Should.ThrowAsync<Exception>(pending);
    }

    // How the connection ended: announced by the answer before, or closed between two answers; else what went wrong.
    private static async Task<string> AskUntilClosedAsync(int port, string path, Action answered)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using KeptClient client = await KeptClient.ConnectAsync(port);
        byte[] get = KeptClient.Get(path);
        while (!client.IsClosing)
        {
            try
            {
                (int status, _) = await client.AskAsync(get);
                if (status != 200)
                    return $"status {status}";
                answered();
            }
            catch (ConnectionClosedException e)
            {
                return e.BytesRead == 0 ? "closed while idle" : e.Message;
            }
        }

        return "announced";
    }
}
