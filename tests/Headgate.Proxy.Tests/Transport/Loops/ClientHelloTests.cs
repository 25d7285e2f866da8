using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>What is read from a ClientHello, whatever stands there.</summary>
public sealed class ClientHelloTests
{
    private static readonly HelloBytes Usual = new()
    {
        ServerName = "www.example.org",
        Protocols = ["h2", "http/1.1"],
        Extensions = [(0x0a0a, []), (43, [2, 3, 4]), (51, new byte[38])],
    };

    [Theory]
    [InlineData(null, false, false, false)]
    [InlineData("h2", true, true, false)]
    [InlineData("http/1.1", true, false, true)]
    [InlineData("h2,http/1.1", true, true, true)]
    [InlineData("http/1.1,h2", true, true, true)]
    [InlineData("h2c,H2,h3,http/1.0,acme-tls/1", true, false, false)]
    public void Read_Protocols_AreFound(string? protocols, bool offers, bool http2, bool http11)
    {
        ClientHello hello = ClientHello.Read(new HelloBytes { Protocols = protocols?.Split(',') }.Record());
        hello.Status.ShouldBe(ClientHelloStatus.Complete);
        (hello.OffersProtocols, hello.OffersHttp2, hello.OffersHttp11).ShouldBe((offers, http2, http11));
        hello.ServerName.ShouldBe(default);
    }

    [Fact]
    public void Read_EveryTruncation_NeedsMore_AndWhatFollowsDoesNotMatter()
    {
        byte[] sent = Usual.Record();
        for (int length = 0; length < sent.Length; length++)
            ClientHello.Read(sent.AsSpan(0, length)).ShouldBe(default, $"{length} bytes");
        ClientHello whole = ClientHello.Read(sent);
        whole.Status.ShouldBe(ClientHelloStatus.Complete);
        Name(sent, whole).ShouldBe("www.example.org");
        ClientHello.Read([.. sent, 20, 3, 3, 0, 1, 1, 0xff]).ShouldBe(whole);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", 1)]
    [InlineData("\u0080\u0046\u0001\u0003\u0001", 1)] // the hello of SSL 2
    [InlineData("\u0016\u0002", 2)]
    [InlineData("\u0016\u0003\u0001\0\u0003", 5)] // the message's header in pieces
    [InlineData("\u0016\u0003\u0001\u0040\u0001", 5)] // 16,385 bytes
    [InlineData("\u0016\u0003\u0001\u0001\0\u0002", 6)] // another message
    public void Read_NoClientHello_IsKnownAtTheFirstWrongByte(string sent, int judged)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(sent);
        ClientHello.Read(bytes.AsSpan(0, judged)).Status.ShouldBe(ClientHelloStatus.Unreadable);
        ClientHello.Read(bytes.AsSpan(0, judged - 1)).Status.ShouldBe(ClientHelloStatus.NeedMore);
    }

    [Fact]
    public void Read_LargestRecord_IsRead()
    {
        // All but the padding's body: its length is what is left of 16,384 bytes.
        int others = (Usual with { Extensions = [.. Usual.Extensions, (21, [])] }).Message().Length;
        HelloBytes largest = Usual with { Extensions = [.. Usual.Extensions, (21, new byte[16_384 - others])] };
        byte[] sent = largest.Record();
        sent.Length.ShouldBe(ClientHello.BytesMax);
        ClientHello.Read(sent).OffersHttp2.ShouldBeTrue();
        HelloBytes tooLarge = Usual with { Extensions = [.. Usual.Extensions, (21, new byte[16_385 - others])] };
        ClientHello.Read(tooLarge.Record()).Status.ShouldBe(ClientHelloStatus.Unreadable);
    }

    [Fact]
    public void Read_OverSeveralRecords_IsUnreadable()
    {
        byte[] message = Usual.Message();
        byte[] sent = [.. HelloBytes.Record(message[..100]), .. HelloBytes.Record(message[100..])];
        ClientHello.Read(sent).Status.ShouldBe(ClientHelloStatus.Unreadable);
        ClientHello.Read(sent.AsSpan(0, 9)).Status.ShouldBe(ClientHelloStatus.Unreadable);
    }

    [Fact]
    public void Read_FieldsAtTheirBounds()
    {
        Status(Usual with { SessionIdBytes = 0 }).ShouldBe(ClientHelloStatus.Complete);
        Status(Usual with { SessionIdBytes = 33 }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { CipherBytes = 2 }).ShouldBe(ClientHelloStatus.Complete);
        Status(Usual with { CipherBytes = 0 }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { CipherBytes = 3 }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { CompressionBytes = 255 }).ShouldBe(ClientHelloStatus.Complete);
        Status(Usual with { CompressionBytes = 0 }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { ServerName = new string('a', 255) }).ShouldBe(ClientHelloStatus.Complete);
        Status(Usual with { ServerName = new string('a', 256) }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { ServerName = "" }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { ServerName = "a\0b" }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { Protocols = [] }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { Protocols = ["h2", ""] }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { Protocols = ["h2", new string('a', 255)] }).ShouldBe(ClientHelloStatus.Complete);
        Status(Usual with { WithoutExtensions = true }).ShouldBe(ClientHelloStatus.Complete);
        Status(new HelloBytes()).ShouldBe(ClientHelloStatus.Complete); // an empty list of extensions
    }

    [Fact]
    public void Read_ExtensionTwice_IsUnreadable()
    {
        Status(Usual with { Extensions = [(16, HelloBytes.Protocol("h2"))] }).ShouldBe(ClientHelloStatus.Unreadable);
        Status(Usual with { Extensions = [(0, HelloBytes.Name("other"))] }).ShouldBe(ClientHelloStatus.Unreadable);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(0, "\0\0")] // empty list
    [InlineData(0, "\0\u0006\u0001\0\u0003abc")] // a kind of name that there is not
    [InlineData(0, "\0\u0007\0\0\u0003abc")] // list longer than the extension
    [InlineData(0, "\0\u0005\0\0\u0003abc")] // and shorter
    [InlineData(0, "\0\u0006\0\0\u0002abc")] // name shorter than the list
    [InlineData(0, "\0\u0006\0\0\u0004abc")] // and longer
    [InlineData(0, "\0\u0008\0\0\u0001a\0\0\u0001b")] // two names
    [InlineData(16, "")]
    [InlineData(16, "\0\u0003\u0003h2")] // name longer than the list
    [InlineData(16, "\0\u0004\u0002h2")] // list longer than the extension
    [InlineData(16, "\0\u0003\u0002h2x")] // and shorter
    public void Read_BrokenExtension_IsUnreadable(int type, string body) =>
        Status(new HelloBytes { Extensions = [(type, Encoding.Latin1.GetBytes(body))] }).ShouldBe(ClientHelloStatus.Unreadable);

    [Fact]
    public void Read_BytesBehindTheExtensions_AreUnreadable()
    {
        byte[] message = [.. Usual.Message(), 0];
        message[3]++;
        ClientHello.Read(HelloBytes.Record(message)).Status.ShouldBe(ClientHelloStatus.Unreadable);
    }

    [Fact]
    public void Read_AnyNamesAndProtocols_AreReadBack()
    {
        Gen<string> text = Gen.Choose(1, 255).SelectMany(length => Gen.Choose(1, 255).ArrayOf(length)).Select(c => new string([.. c.Select(b => (char)b)]));
        Gen<string> protocol = Gen.OneOf(Gen.Elements("h2", "http/1.1"), text);
        Gen<HelloBytes> hellos = from name in text
                                 from protocols in protocol.NonEmptyListOf()
                                 from session in Gen.Choose(0, 32)
                                 select new HelloBytes { ServerName = name, Protocols = [.. protocols.Take(30)], SessionIdBytes = session };
        Config config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay((ulong)TestSeed.Value, 1UL);
        Prop.ForAll(Arb.From(hellos), sent =>
        {
            byte[] bytes = sent.Record();
            ClientHello hello = ClientHello.Read(bytes);
            return hello.Status == ClientHelloStatus.Complete && Name(bytes, hello) == sent.ServerName
                && hello.OffersHttp2 == sent.Protocols!.Contains("h2") && hello.OffersHttp11 == sent.Protocols!.Contains("http/1.1");
        }).Check(config);
    }

    [Fact]
    public void Read_Mutated_NeverThrows_AndMoreBytesNeverChangeAVerdict()
    {
        var random = new Random(TestSeed.Value);
        byte[] usual = Usual.Record();
        int[] seen = new int[3];
        for (int number = 0; number < 200_000; number++)
        {
            byte[] sent = Mutate(usual, random);
            int cut = random.Next(sent.Length + 1);
            ClientHello whole = ClientHello.Read(sent);
            ClientHello part = ClientHello.Read(sent.AsSpan(0, cut));
            seen[(int)whole.Status]++;
            string which = $"HEADGATE_SEED={TestSeed.Value} case {number}: {Convert.ToHexString(sent)} cut at {cut}";
            if (part.Status != ClientHelloStatus.NeedMore)
                part.ShouldBe(whole, which);
            if (whole.Status == ClientHelloStatus.Complete)
                Name(sent, whole).ShouldNotContain('\0', which);
        }

        seen.ShouldAllBe(count => count > 1000);
    }

    [Fact]
    public void Read_AllocatesNothing()
    {
        byte[] sent = Usual.Record();
        int found = 0;
        Allocation.Of(() =>
        {
            found = 0;
            for (int i = 0; i < 10_000; i++)
                found += ClientHello.Read(sent.AsSpan(0, sent.Length - (i % 2))).OffersHttp2 ? 1 : 0;
        }).ShouldBe(0);
        found.ShouldBe(5000);
    }

    [Theory]
    [InlineData(SslProtocols.None, "h2,http/1.1", true, true)]
    [InlineData(SslProtocols.Tls13, "http/1.1", false, true)]
    [InlineData(SslProtocols.Tls12, "h2", true, false)]
    [InlineData(SslProtocols.Tls12, null, false, false)]
    public async Task Read_DotnetsClient(SslProtocols versions, string? protocols, bool http2, bool http11)
    {
        byte[] sent = await HelloRecorder.OfSslStreamAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "node.test",
            EnabledSslProtocols = versions,
            ApplicationProtocols = protocols is null ? null : [.. protocols.Split(',').Select(p => new SslApplicationProtocol(p))],
        });
        Check(sent, "node.test", protocols is not null, http2, http11);
    }

    [Theory]
    [InlineData("-alpn h2,http/1.1 -servername a.test", "a.test", true, true)]
    [InlineData("-alpn http/1.1 -tls1_2 -noservername", "", false, true)]
    [InlineData("-alpn h2 -tls1_3 -servername b.test -groups X25519:P-256:P-384", "b.test", true, false)]
    [InlineData("-servername c.test -no_ticket", "c.test", false, false)]
    public async Task Read_OpensslsClient(string arguments, string name, bool http2, bool http11)
    {
        byte[] sent = await HelloRecorder.OfCommandAsync("openssl", ["s_client", "-connect", "127.0.0.1:{port}", .. arguments.Split(' ')]);
        Check(sent, name, http2 || http11, http2, http11);
    }

    [Theory]
    [InlineData("https://d.test:{port}/ --http2", "d.test", true, true)]
    [InlineData("https://d.test:{port}/ --http1.1 --tls-max 1.2", "d.test", false, true)]
    [InlineData("https://127.0.0.1:{port}/ --no-alpn", "", false, false)]
    public async Task Read_Curl(string arguments, string name, bool http2, bool http11)
    {
        byte[] sent = await HelloRecorder.OfCommandAsync("curl", ["-sk", "--noproxy", "*", "--connect-to", "::127.0.0.1:{port}", .. arguments.Split(' ')]);
        Check(sent, name, http2 || http11, http2, http11);
    }

    /// <summary>A long list of protocols in pieces of at most 512 bytes.</summary>
    [Fact]
    public async Task Read_OpensslsClientThatCutsItUp_IsUnreadable()
    {
        string protocols = string.Join(',', Enumerable.Range(0, 4).Select(i => new string((char)('a' + i), 200)));
        byte[] sent = await HelloRecorder.OfCommandAsync("openssl", "s_client", "-connect", "127.0.0.1:{port}", "-alpn", protocols, "-max_send_frag", "512");
        ClientHello.Read(sent).Status.ShouldBe(ClientHelloStatus.Unreadable);
        sent[0].ShouldBe((byte)22);
    }

    private static void Check(byte[] sent, string name, bool offers, bool http2, bool http11)
    {
        ClientHello hello = ClientHello.Read(sent);
        hello.Status.ShouldBe(ClientHelloStatus.Complete, Convert.ToHexString(sent));
        Name(sent, hello).ShouldBe(name);
        (hello.OffersProtocols, hello.OffersHttp2, hello.OffersHttp11).ShouldBe((offers, http2, http11));
        for (int length = 0; length < sent.Length; length++)
            ClientHello.Read(sent.AsSpan(0, length)).ShouldBe(default, $"{length} of {Convert.ToHexString(sent)}");
    }

    private static ClientHelloStatus Status(HelloBytes hello) => ClientHello.Read(hello.Record()).Status;

    private static string Name(byte[] sent, ClientHello hello) => Encoding.Latin1.GetString(sent.AsSpan(hello.ServerName));

    private static byte[] Mutate(byte[] usual, Random random)
    {
        List<byte> bytes = [.. usual];
        for (int changes = random.Next(4); changes >= 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[random.Next(12, bytes.Count)] += (byte)random.Next(3); break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                case 4 when bytes.Count > 20: bytes.RemoveAt(at); break;
                case 5: bytes.AddRange(new byte[random.Next(10)]); break;
            }
        }

        return [.. bytes];
    }
}
