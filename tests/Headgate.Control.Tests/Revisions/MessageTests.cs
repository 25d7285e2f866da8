using System.Net.Sockets;
using System.Text;
using Headgate.Control.Tests.AdminApi;

namespace Headgate.Control.Tests.Revisions;

/// <summary>X-Headgate-Message.</summary>
public sealed class MessageTests() : AdminApiTest(StoreKind.Memory)
{
    [Fact]
    public async Task Message_OfAnyLanguage_IsKept()
    {
        (await SendRawAsync(Encoding.UTF8.GetBytes("höher, weil → gw-2"))).ShouldBe(201);

        (await WhyAsync()).ShouldBe("höher, weil → gw-2 (PUT /apisix/admin/upstreams/1)");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Message_Empty_IsNone(string message)
    {
        (await SendRawAsync(Encoding.UTF8.GetBytes(message))).ShouldBe(201);

        (await WhyAsync()).ShouldBe("PUT /apisix/admin/upstreams/1");
    }

    [Fact]
    public async Task Message_TooLong_IsRefused()
    {
        (await Admin.Send("PUT", "upstreams/1", Upstream, ("X-Headgate-Message", new string('x', 500)))).ShouldBe(201);
        (await Admin.Send("PUT", "upstreams/1", Upstream, ("X-Headgate-Message", new string('x', 501)))).ShouldBe(400)
            .ErrorMessage.ShouldBe("X-Headgate-Message has 501 characters; at most 500 are allowed");
    }

    [Theory]
    [InlineData("a\tb", "U+0009")]
    [InlineData("a\u001bb", "U+001B")]
    [InlineData("a\u202eb", "U+202E")]
    [InlineData("a\u2028b", "U+2028")]
    [InlineData("a\u0085b", "U+0085")]
    public async Task Message_WithAControlCharacter_IsRefused(string message, string character)
    {
        (await SendRawAsync(Encoding.UTF8.GetBytes(message))).ShouldBe(400);

        LastBody.ShouldContain($"the control character {character}");
        (await Server.Store.GetAsync("/", CancellationToken.None)).Revision.ShouldBe(0);
    }

    private string LastBody { get; set; } = "";

    private async Task<string> WhyAsync() => (await Server.Store.GetHistoryAsync("/apisix/upstreams/1", 1, CancellationToken.None))[0].Origin.Why;

    /// <summary>HttpClient sends no such header.</summary>
    private async Task<int> SendRawAsync(byte[] message)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Server.Address.Host, Server.Address.Port);
        NetworkStream stream = client.GetStream();
        string head = $"PUT /apisix/admin/upstreams/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-KEY: {AdminServer.AdminKey}\r\nContent-Length: {Upstream.Length}\r\nX-Headgate-Message: ";
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. message, .. Encoding.ASCII.GetBytes($"\r\n\r\n{Upstream}")]);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        LastBody = await reader.ReadToEndAsync();
        return int.Parse(LastBody.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
