using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>Bodies through a whole gateway behind TLS: large ones, slow ones, in small pieces, and cut off.</summary>
public sealed class TlsBodyTests
{
    private const int LargeBytes = 48 << 20;
    private const int PieceBytes = 65_536;

    // Prime, so that a lost or doubled piece shows in the digest of what follows.
    private const int Period = 65_521;
    private static readonly byte[] Pattern = MakePattern();

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Upload_Large_ArrivesWhole(SslProtocols protocol)
    {
        byte[]? digest = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int left = LargeBytes; left > 0; left -= PieceBytes)
                hash.AppendData(await peer.ReadBytesAsync(PieceBytes));
            digest = hash.GetHashAndReset();
            await peer.AnswerAsync("ok");
        });
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await using SslStream client = await TlsClients.OpenAsync(gateway.Port, TlsClients.Options(protocol));
        await SendAsync(client, $"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {LargeBytes}\r\n\r\n");
        for (long at = 0; at < LargeBytes; at += PieceBytes)
            await client.WriteAsync(Piece(at), Bound);
        (await ReadToEndAsync(client)).ShouldEndWith("\r\n\r\nok");
        digest.ShouldBe(DigestOf(LargeBytes));
        node.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Download_LargeToAClientThatPauses_ArrivesWhole(SslProtocols protocol)
    {
        long sent = 0;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {LargeBytes}\r\n\r\n");
            for (long at = 0; at < LargeBytes; at += PieceBytes, Volatile.Write(ref sent, at))
                await peer.SendAsync(Piece(at));
        });
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        Socket socket = TlsClients.Connect(gateway.Port);
        socket.ReceiveBufferSize = 32_768;
        await using SslStream client = await TlsClients.ShakeHandsAsync(new NetworkStream(socket, ownsSocket: true), TlsClients.Options(protocol));
        await SendAsync(client, TlsGateway.LastGet);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[50_000];
        await ReadHeadAsync(client);
        for (int read = 0; read < LargeBytes;)
        {
            // Every 6 MiB nothing is taken until the gateway has come to a stop, in the middle of a record.
            if (read / (6 << 20) != (read + buffer.Length) / (6 << 20))
                await StopsAsync(() => Volatile.Read(ref sent));
            int count = await client.ReadAsync(buffer, Bound);
            count.ShouldBeGreaterThan(0);
            hash.AppendData(buffer, 0, count);
            read += count;
        }

        hash.GetHashAndReset().ShouldBe(DigestOf(LargeBytes));
        (await ReadToEndAsync(client)).ShouldBe("");
        node.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Request_EveryByteAlone_IsAnswered(SslProtocols protocol)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            await peer.AnswerAsync(await NodeReading.BodyAsync(peer, head));
        });
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        using var tap = new WireTap(TlsClients.Connect(gateway.Port)) { PieceBytes = 1 };
        await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(protocol));
        string body = new('b', 1000);
        await SendAsync(client, $"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        (await ReadToEndAsync(client)).ShouldEndWith("\r\n\r\n" + body);
    }

    // What came before a cut may have been cut by somebody else: the node is not told that this was all.
    [Theory]
    [InlineData("Content-Length: 30000", false, false)]
    [InlineData("Content-Length: 30000", true, false)]
    [InlineData("Content-Length: 30000", false, true)]
    [InlineData("Transfer-Encoding: chunked", false, false)]
    [InlineData("Transfer-Encoding: chunked", true, false)]
    [InlineData("Transfer-Encoding: chunked", false, true)]
    public async Task Upload_CutOff_IsNotTakenForComplete(string framing, bool resets, bool insideARecord)
    {
        string? received = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            var text = new StringBuilder();
            try
            {
                while (true)
                    text.Append(Encoding.Latin1.GetString(await peer.ReadBytesAsync(1)));
            }
            finally
            {
                Volatile.Write(ref received, text.ToString());
            }
        });
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        using var tap = new WireTap(TlsClients.Connect(gateway.Port)) { CutResets = resets };
        SslStream client = await TlsClients.ShakeHandsAsync(tap);
        await SendAsync(client, $"POST / HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n");
        await SendAsync(client, $"3e8\r\n{new string('b', 1000)}\r\n");
        await Eventually.HoldsAsync(() => node.Accepted == 1, "the node was asked");
        if (insideARecord)
        {
            tap.CutAfter = tap.Written.Length + 700;
            await Should.ThrowAsync<IOException>(() => SendAsync(client, $"3e8\r\n{new string('c', 1000)}\r\n0\r\n\r\n"));
        }
        else
        {
            tap.Cut();
        }

        await Eventually.HoldsAsync(() => Volatile.Read(ref received) is not null, "the node's connection ended");
        received!.ShouldNotContain("c");
        received.ShouldNotEndWith("0\r\n\r\n");
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0 && gateway.TriesInFlight == 0, "all is over");
    }

    [Fact]
    public async Task Answer_CutOffByTheNode_DoesNotEndInOrder()
    {
        var go = new TaskCompletionSource();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\n\r\nthe first half");
            await go.Task;
            peer.Reset();
        });
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await using OpenSslClient client = OpenSslClient.Start(gateway.Port, "-ign_eof");
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.WaitForAsync("the first half");
        go.SetResult();
        (await client.ToEndAsync()).ShouldNotContain("closed\n");
    }

    private static async Task SendAsync(SslStream client, string text) => await client.WriteAsync(Encoding.Latin1.GetBytes(text), Bound);

    private static async Task<string> ReadToEndAsync(SslStream client)
    {
        using var text = new MemoryStream();
        await client.CopyToAsync(text, Bound);
        return Encoding.Latin1.GetString(text.ToArray());
    }

    private static async Task ReadHeadAsync(SslStream client)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await client.ReadExactlyAsync(one, Bound);
            head.Append((char)one[0]);
        }
    }

    private static async Task StopsAsync(Func<long> value)
    {
        long last = -1;
        for (int same = 0; same < 10;)
        {
            await Task.Delay(5, Bound);
            long now = value();
            same = now == last ? same + 1 : 0;
            last = now;
        }
    }

    private static ReadOnlyMemory<byte> Piece(long at) => Pattern.AsMemory((int)(at % Period), PieceBytes);

    private static byte[] DigestOf(int bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < bytes; at += PieceBytes)
            hash.AppendData(Piece(at).Span);
        return hash.GetHashAndReset();
    }

    private static byte[] MakePattern()
    {
        byte[] pattern = new byte[Period + PieceBytes];
        new Random(1).NextBytes(pattern.AsSpan(0, Period));
        for (int i = Period; i < pattern.Length; i++)
            pattern[i] = pattern[i - Period];
        return pattern;
    }
}
