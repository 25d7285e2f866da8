using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport.Loops.Tls;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>TLS towards clients over OpenSSL, with .NET's client on the other side.</summary>
public sealed class TlsSessionTests : IDisposable
{
    private readonly TlsServerContext _context = new([TlsClients.Ecdsa], CertificateCompiler.Protocols, null);
    private readonly TlsEchoServer _server;

    public TlsSessionTests() => _server = new TlsEchoServer(_context);

    public void Dispose()
    {
        _server.Dispose();
        _context.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3")]
    public async Task Echo_EitherVersion_BytesComeBackAndEndIsInOrder(SslProtocols protocol, string version)
    {
        await using (SslStream client = await TlsClients.OpenAsync(_server.Port, TlsClients.Options(protocol)))
        {
            await EchoAsync(client, 100);
            await client.ShutdownAsync();
            (await client.ReadAsync(new byte[1])).ShouldBe(0);
        }

        TlsEnd end = _server.NextEnd();
        end.Bug.ShouldBeNull();
        end.LastReceive.ShouldBe(0);
        end.Failure.ShouldBeNull();
        end.Version.ShouldBe(version);
        end.ServerName.ShouldBe("gateway.test");
    }

    [Fact]
    public async Task Echo_LargeBodyWhoseReaderIsSlow_ComesBackWhole()
    {
        const int Bytes = 16 * 1024 * 1024;
        byte[] sent = TestBytes(Bytes);
        await using SslStream client = await TlsClients.OpenAsync(_server.Port);
        Task writing = Task.Run(async () => await client.WriteAsync(sent));
        byte[] received = new byte[Bytes];
        await client.ReadExactlyAsync(received.AsMemory(0, 10));
        await Task.WhenAny(writing, Task.Delay(200)); // both windows fill, so that the server cannot send
        await client.ReadExactlyAsync(received.AsMemory(10));
        await writing;
        SHA256.HashData(received).ShouldBe(SHA256.HashData(sent));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public async Task Receive_IntoSmallSpace_ComesWhole(int bufferBytes)
    {
        using var server = new TlsEchoServer(_context, bufferBytes);
        await using SslStream client = await TlsClients.OpenAsync(server.Port);
        await EchoAsync(client, bufferBytes == 1 ? 2_000 : 100_000);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Echo_EveryByteAlone_ComesBack(SslProtocols protocol)
    {
        using var tap = new WireTap(TlsClients.Connect(_server.Port)) { PieceBytes = 1 };
        await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(protocol));
        await EchoAsync(client, 3_000);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Handshake_CutAtEveryByte_FailsAndNothingElse(SslProtocols protocol, bool resets)
    {
        long whole;
        using (var tap = new WireTap(TlsClients.Connect(_server.Port)))
        {
            await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(protocol));
            whole = tap.Written.Length;
        }

        _server.NextEnd();
        for (int cut = 0; cut < whole - 40; cut += 3)
        {
            using var tap = new WireTap(TlsClients.Connect(_server.Port)) { CutAfter = cut, CutResets = resets };
            await Should.ThrowAsync<Exception>(async () => await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(protocol)));
            TlsEnd end = _server.NextEnd();
            end.Bug.ShouldBeNull();
            end.LastReceive.ShouldBeNull($"cut after {cut} of {whole}");
            end.Failure.ShouldNotBeNull();
        }

        await using SslStream after = await TlsClients.OpenAsync(_server.Port);
        await EchoAsync(after, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receive_EndWithoutCloseNotify_IsBroken(bool resets)
    {
        using var tap = new WireTap(TlsClients.Connect(_server.Port)) { CutResets = resets };
        SslStream client = await TlsClients.ShakeHandsAsync(tap);
        await EchoAsync(client, 100);
        tap.Cut();
        TlsEnd end = _server.NextEnd();
        end.LastReceive.ShouldBe(TlsSession.Broken);
        end.Failure.ShouldBe("the connection ended without close_notify");
    }

    [Fact]
    public async Task Receive_AlteredRecord_IsBrokenAndTheClientIsTold()
    {
        using var tap = new WireTap(TlsClients.Connect(_server.Port));
        await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(SslProtocols.Tls13));
        await EchoAsync(client, 100);
        tap.Alter = static bytes => bytes[^1] ^= 1;
        await client.WriteAsync(new byte[50]);
        await Should.ThrowAsync<Exception>(async () => await client.ReadExactlyAsync(new byte[1]));
        TlsEnd end = _server.NextEnd();
        end.LastReceive.ShouldBe(TlsSession.Broken);
        end.BytesReceived.ShouldBe(100);
        end.Failure.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(0x17, 0x4801)] // a record that is too long
    [InlineData(0x63, 0x0010)] // no type
    [InlineData(0x17, 0x0010)] // not encrypted
    public async Task Receive_InjectedRecord_IsBroken(byte type, int length)
    {
        using var tap = new WireTap(TlsClients.Connect(_server.Port));
        await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(SslProtocols.Tls13));
        byte[] record = new byte[5 + length];
        (record[0], record[1], record[2], record[3], record[4]) = (type, 3, 3, (byte)(length >> 8), (byte)length);
        tap.Inject(record);
        _server.NextEnd().LastReceive.ShouldBe(TlsSession.Broken);
    }

    [Fact]
    public void Handshake_Garbage_Fails()
    {
        var random = new Random(TestSeed.Value);
        for (int i = 0; i < 300; i++)
        {
            using Socket socket = TlsClients.Connect(_server.Port);
            byte[] bytes = new byte[random.Next(1, 600)];
            random.NextBytes(bytes);
            if (i % 3 != 0)
                new byte[] { 22, 3, 1, 0, (byte)random.Next(256), 1, 0, 0 }.AsSpan(0, Math.Min(8, bytes.Length)).CopyTo(bytes);
            socket.Send(bytes);
            socket.Shutdown(SocketShutdown.Send);
            TlsEnd end = _server.NextEnd();
            end.Bug.ShouldBeNull();
            end.LastReceive.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("h2,http/1.1", "http/1.1")]
    [InlineData("", "")]
    public async Task Handshake_Protocols_Http11IsChosen(string offered, string chosen)
    {
        await using SslStream client = await TlsClients.OpenAsync(
            _server.Port, TlsClients.Options(SslProtocols.None, offered.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        client.NegotiatedApplicationProtocol.ToString().ShouldBe(chosen);
    }

    [Fact]
    public async Task Handshake_OnlyHttp2Offered_IsRefused()
    {
        await Should.ThrowAsync<AuthenticationException>(async () => await TlsClients.OpenAsync(_server.Port, TlsClients.Options(SslProtocols.None, "h2")));
        _server.NextEnd().LastReceive.ShouldBeNull();
    }

    [Fact]
    public async Task Echo_ManyRounds_ServerAllocatesNothing()
    {
        await using (SslStream client = await TlsClients.OpenAsync(_server.Port))
        {
            for (int i = 0; i < 3_000; i++)
                await EchoAsync(client, 1_000);
            await client.ShutdownAsync();
        }

        TlsEnd end = _server.NextEnd();
        end.Receives.ShouldBeGreaterThanOrEqualTo(3_000);
        end.AllocatedTotal.ShouldBeLessThan(end.Receives);
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Handshake_SessionOfAnotherThread_IsResumed(string option, string version)
    {
        string file = Path.GetTempFileName();
        try
        {
            for (int i = 0; i < 3; i++)
            {
                // Each connection has a thread of its own, as if it were on another loop.
                await using OpenSslClient client = OpenSslClient.Start(_server.Port, option, i == 0 ? "-sess_out" : "-sess_in", file);
                await client.SendAsync("echo\n");
                await client.WaitForAsync("echo\n");
                client.Output.ShouldContain($"{(i == 0 ? "New" : "Reused")}, {version}, ");
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Dispose_OfTheContext_LeavesItsConnections()
    {
        await using SslStream client = await TlsClients.OpenAsync(_server.Port);
        await EchoAsync(client, 100);
        _context.Dispose();
        await EchoAsync(client, 100);
        _context.Open().ShouldBeNull();
    }

    [Fact]
    public void Session_UsedAfterDispose_IsBroken()
    {
        TlsSession session = _context.Open()!;
        session.Dispose();
        session.Dispose();
        session.Handshake(-1).ShouldBe(TlsStep.Failed);
        session.Receive(-1, new byte[10], peerFinished: false, out bool hasMore).ShouldBe(TlsSession.Broken);
        hasMore.ShouldBeFalse();
        session.Send(-1, new byte[10]).ShouldBe(TlsSession.Broken);
        session.Finish(-1);
        session.ServerName.ShouldBeNull();
    }

    [Fact]
    public void Session_UsedBeforeTheHandshake_IsBroken()
    {
        using TlsSession session = _context.Open()!;
        session.Receive(-1, new byte[10], peerFinished: false, out _).ShouldBe(TlsSession.Broken);
        session.Send(-1, new byte[10]).ShouldBe(TlsSession.Broken);
        session.Finish(-1);
        session.Handshake(-1).ShouldBe(TlsStep.Failed);
    }

    [Fact]
    public void Context_KeyBelowOpenSslsLevel_IsRefused()
    {
        using var key = RSA.Create(512);
        var request = new CertificateRequest("CN=weak", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 weak = request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
        Should.Throw<CryptographicException>(() => new TlsServerContext([new ServerCertificate(weak)], CertificateCompiler.Protocols, null));
    }

    private static async Task EchoAsync(SslStream client, int bytes)
    {
        byte[] sent = TestBytes(bytes);
        byte[] received = new byte[bytes];
        Task writing = client.WriteAsync(sent).AsTask();
        await client.ReadExactlyAsync(received);
        await writing;
        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    private static byte[] TestBytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = (byte)(i % 251);
        return bytes;
    }
}
