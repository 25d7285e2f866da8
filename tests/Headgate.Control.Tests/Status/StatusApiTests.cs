using System.Security.Cryptography;
using System.Text.Json;
using Headgate.Control.Status;
using Headgate.Store.LastGood;
using Headgate.Store.Protection;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Control.Tests.Status;

public sealed class StatusApiTests
{
    [Fact]
    public async Task Status_IsOkAlsoWhenNotReady()
    {
        await using WebServer server = await WebServer.StartAsync(application => application.MapStatusApi(() => false));

        (await server.Client.Get("/status")).ShouldBe(200).Body.ShouldBe("""{"status":"ok"}""" + "\n");
        (await server.Client.Send("HEAD", "/status")).ShouldBe(200);
    }

    [Fact]
    public async Task Ready_FollowsTheDelegate()
    {
        bool ready = false;
        await using WebServer server = await WebServer.StartAsync(application => application.MapStatusApi(() => Volatile.Read(ref ready)));

        (await server.Client.Get("/status/ready")).ShouldBe(503).Json.GetProperty("status").GetString().ShouldBe("error");
        Volatile.Write(ref ready, true);
        (await server.Client.Get("/status/ready")).ShouldBe(200).Body.ShouldBe("""{"status":"ok"}""" + "\n");
    }

    [Fact]
    public async Task LastGoodConfiguration_IsTold_UntilTheSourceIsBack()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("headgate-status-");
        var file = new LastGoodFile(folder.FullName, new KeyRing([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]));
        DateTimeOffset read = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(2);
        file.Write(new LastGoodContent("store", 7, read, []));
        await using var store = new InMemoryStore();
        store.SetUnavailable("gone");
        await using var source = new LastGoodSource(store, file, "store", "/apisix/", TimeProvider.System, new Random(TestSeed.Value), NullLogger<LastGoodSource>.Instance);
        await source.GetAsync("/apisix/", TestContext.Current.CancellationToken);
        await using (WebServer server = await WebServer.StartAsync(application => application.MapStatusApi(() => true, source, TimeProvider.System)))
        {
            foreach (string path in (string[])["/status", "/status/ready"])
            {
                JsonElement told = (await server.Client.Get(path)).ShouldBe(200).Json;
                told.GetProperty("status").GetString().ShouldBe("ok");
                told = told.GetProperty("configuration");
                told.GetProperty("from_snapshot").GetBoolean().ShouldBeTrue();
                told.GetProperty("revision").GetInt64().ShouldBe(7);
                told.GetProperty("written").GetString().ShouldBe($"{read:yyyy-MM-ddTHH:mm:ss}Z");
                told.GetProperty("age_seconds").GetInt64().ShouldBeGreaterThanOrEqualTo(120);
            }

            store.SetUnavailable(null);
            await source.GetAsync("/apisix/", TestContext.Current.CancellationToken);
            (await server.Client.Get("/status")).Body.ShouldBe("""{"status":"ok"}""" + "\n");
        }

        folder.Delete(recursive: true);
    }
}
