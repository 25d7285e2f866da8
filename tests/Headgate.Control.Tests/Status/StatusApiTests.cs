using Headgate.Control.Status;

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
}
