using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>What a client may ask for once the handshake is over, and in the next one: renegotiation, new keys, its old session. OpenSSL's own client on the other side.</summary>
public sealed class TlsPostHandshakeTests
{
    [Fact]
    public async Task Renegotiation_IsRefused_AndHarmsNobody()
    {
        TlsGateway.SkipOnKestrel();
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await using OpenSslClient other = OpenSslClient.Start(gateway.Port);
        await other.WaitForAsync("Verify return code");
        await using (OpenSslClient client = OpenSslClient.Start(gateway.Port, "-tls1_2"))
        {
            await client.WaitForAsync("Verify return code");
            await client.SendAsync("R\n");
            string output = await client.ToEndAsync();
            output.ShouldContain("RENEGOTIATING");
            output.ShouldContain("no renegotiation");
        }

        await other.SendAsync(TlsGateway.LastGet);
        (await other.ToEndAsync()).ShouldContain("HTTP/1.1 200 ");
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "both are over");
    }

    [Theory]
    [InlineData("k\n")] // the client's keys
    [InlineData("K\n")] // and the gateway's
    public async Task KeyUpdate_ConnectionGoesOn(string order)
    {
        TlsGateway.SkipOnKestrel();
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await using OpenSslClient client = OpenSslClient.Start(gateway.Port, "-tls1_3");
        await client.WaitForAsync("Verify return code");
        for (int i = 1; i <= 5; i++)
        {
            await client.SendAsync(order);
            await client.WaitForAsync("KEYUPDATE", i);
            await client.SendAsync(TlsGateway.Get);
            await client.WaitForAsync("HTTP/1.1 200 ", i);
        }

        await client.SendAsync(order);
        await client.WaitForAsync("KEYUPDATE", 6);
        await client.SendAsync(TlsGateway.LastGet);
        string output = await client.ToEndAsync();
        output.Split("HTTP/1.1 200 ").Length.ShouldBe(7);
        output.ShouldEndWith("closed\n");
    }

    [Fact]
    public async Task KeyUpdate_WithoutEndAndData_EndsTheConnection()
    {
        TlsGateway.SkipOnKestrel();
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await using OpenSslClient client = OpenSslClient.Start(gateway.Port, "-tls1_3");
        await client.WaitForAsync("Verify return code");
        int sent = 0;
        for (; sent < 2000 && gateway.Plane.Counters.ConnectionsOpen == 1 && !client.HasEnded; sent++)
        {
            await client.SendAsync("k\n");
            await client.WaitForAsync("KEYUPDATE", sent + 1);
        }

        // The client may be far ahead of the gateway when that has enough.
        sent.ShouldBeInRange(60, 1999);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "it is over");
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Session_IsResumed_OnWhicheverLoop(string option, string version)
    {
        TlsGateway.SkipOnKestrel();
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        string file = Path.GetTempFileName();
        try
        {
            (await OpenSslClient.AskAsync(gateway.Port, option, "-sess_out", file)).ShouldContain($"New, {version}, ");
            for (int i = 0; i < 8; i++)
            {
                string output = await OpenSslClient.AskAsync(gateway.Port, option, "-sess_in", file);
                output.ShouldContain($"Reused, {version}, ");
                output.ShouldContain("HTTP/1.1 200 ");
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Session_OfAnotherCertificate_IsNotResumedButServed()
    {
        TlsGateway.SkipOnKestrel();
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        string file = Path.GetTempFileName();
        try
        {
            await using (GatewayUnderTest first = await TlsGateway.StartAsync(node.Port))
                (await OpenSslClient.AskAsync(first.Port, "-sess_out", file)).ShouldContain("New, ");
            await using GatewayUnderTest second = await TlsGateway.StartAsync(node.Port);
            string output = await OpenSslClient.AskAsync(second.Port, "-sess_in", file);
            output.ShouldContain("New, TLSv1.3, ");
            output.ShouldContain("HTTP/1.1 200 ");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
