using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>What <see cref="BodyDecoder"/> takes as body, trailers and end, however the bytes arrive.</summary>
public sealed class BodyDecoderTests
{
    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello", "")]
    [InlineData("0\r\n\r\n", "", "")]
    [InlineData("A\r\n0123456789\r\n1\r\n!\r\n000\r\n\r\n", "0123456789!", "")]
    [InlineData("0000000000000001\r\nx\r\n0\r\n\r\n", "x", "")]
    [InlineData("1;a\r\nx\r\n0\r\n\r\n", "x", "")]
    [InlineData("1 ; a = b;c=\"q;\\\"\t\u00e9\"\r\nx\r\n0;last\r\n\r\n", "x", "")]
    [InlineData("1\r\nx\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n", "x", "X-Sum: 1\r\nY:\r\n")]
    [InlineData("0\r\nHost: evil\r\nA: 1\r\nContent-Length: 3\r\ncontent-type: x\r\nB: 2\r\nC: 3\r\nSet-Cookie: a\r\n\r\n", "", "A: 1\r\nB: 2\r\nC: 3\r\n")]
    [InlineData("0\r\nAuthorization: x\r\n\r\n", "", "")]
    public void Next_Chunked_FindsBodyAndTrailersAtEverySplit(string text, string body, string trailers)
    {
        const string following = "GET /next";
        byte[] bytes = Heads.Bytes(text + following);
        for (int split = 0; split <= bytes.Length; split++)
        {
            Decoded found = Decode(BodyFraming.Chunked, 0, bytes, [split]);
            (found.Last, found.Body, found.Trailers, found.Left).ShouldBe((BodyStep.End, body, trailers, following), $"split at {split}");
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("g\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("+1\r\n")]
    [InlineData("0x1\r\n")]
    [InlineData(" 1\r\n")]
    [InlineData("1 \r\n")]
    [InlineData("1\n")]
    [InlineData("1\r\r\n")]
    [InlineData("1_0\r\n")]
    [InlineData("8000000000000000\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\n")]
    [InlineData("00000000000000001\r\n")]
    [InlineData("1;\r\n")]
    [InlineData("1;a b\r\n")]
    [InlineData("1;a=\r\n")]
    [InlineData("1;a=\"b\r\n")]
    [InlineData("1;a=\"b\\\"\r\n")]
    [InlineData("1;=b\r\n")]
    [InlineData("1;a=b\n")]
    [InlineData("1;a\0=b\r\n")]
    [InlineData("1 a\r\n")]
    [InlineData("1\r\nx\n")]
    [InlineData("1\r\nxx\r\n")]
    [InlineData("1\r\nx\r1")]
    [InlineData("0\r\n bad: fold\r\n\r\n")]
    [InlineData("0\r\nbad\r\n\r\n")]
    [InlineData("0\r\nbad : 1\r\n\r\n")]
    [InlineData("0\r\na: 1\n\r\n")]
    [InlineData("0\r\na: 1\r\n\n")]
    [InlineData("0\r\na: \0\r\n\r\n")]
    [InlineData("0\r\n\n")]
    public void Next_BrokenChunks_AreRefusedAtEverySplit(string text)
    {
        byte[] bytes = Heads.Bytes(text);
        for (int split = 0; split <= bytes.Length; split++)
            Decode(BodyFraming.Chunked, 0, bytes, [split]).Last.ShouldBe(BodyStep.Bad, $"split at {split}");
    }

    [Fact]
    public void Next_ChunkLineAboveItsLimit_IsRefusedBeforeItsEnd()
    {
        string atLimit = "1;" + new string('a', BodyDecoder.ChunkLineBytesMax - 2);

        Decode(BodyFraming.Chunked, 0, Heads.Bytes(atLimit + "\r\nx\r\n0\r\n\r\n"), []).Last.ShouldBe(BodyStep.End);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(atLimit + "a\r\nx\r\n0\r\n\r\n"), []).Last.ShouldBe(BodyStep.Bad);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(atLimit), []).Last.ShouldBe(BodyStep.NeedMore);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(atLimit + "aaaa"), []).Last.ShouldBe(BodyStep.Bad);
    }

    [Fact]
    public void Next_ExtensionsOfAllChunks_AreBoundedTogether()
    {
        const int extension = 1000;
        string chunk = "1;" + new string('a', extension - 1) + "\r\nx\r\n";
        int allowed = BodyDecoder.ExtensionBytesMax / extension;

        Decode(BodyFraming.Chunked, 0, Heads.Bytes(string.Concat(Enumerable.Repeat(chunk, allowed)) + "0\r\n\r\n"), []).Last.ShouldBe(BodyStep.End);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(string.Concat(Enumerable.Repeat(chunk, allowed + 1)) + "0\r\n\r\n"), []).Last.ShouldBe(BodyStep.Bad);
    }

    [Fact]
    public void Next_TrailersAboveTheirLimits_AreRefused()
    {
        string atSize = "0\r\na: " + new string('x', BodyDecoder.TrailerBytesMax - "a: \r\n\r\n".Length);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(atSize + "\r\n\r\n"), []).Last.ShouldBe(BodyStep.End);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(atSize + "x\r\n\r\n"), []).Last.ShouldBe(BodyStep.Bad);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(atSize + "xxxxxx"), []).Last.ShouldBe(BodyStep.Bad);

        string many = "0\r\n" + string.Concat(Enumerable.Repeat("a: 1\r\n", 32));
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(many + "\r\n"), []).Last.ShouldBe(BodyStep.End);
        Decode(BodyFraming.Chunked, 0, Heads.Bytes(many + "a: 1\r\n\r\n"), []).Last.ShouldBe(BodyStep.Bad);
    }

    [Fact]
    public void Next_ChunkOfGibibytes_ComesInTheRunsThatAreThere()
    {
        BodyDecoder decoder = default;
        decoder.Start(BodyFraming.Chunked, 0);

        decoder.Next("7FFFFFFFFFFFFFFF\r\n"u8, out int skip, out int take).ShouldBe(BodyStep.NeedMore);
        (skip, take).ShouldBe((18, 0));
        decoder.Next("abc"u8, out skip, out take).ShouldBe(BodyStep.Data);
        (skip, take).ShouldBe((0, 3));
        decoder.IsComplete.ShouldBeFalse();
        decoder.EndOfStream().ShouldBeFalse();
    }

    [Fact]
    public void Next_Length_TakesExactlyThatMuch()
    {
        byte[] bytes = "helloGET"u8.ToArray();
        for (int split = 0; split <= bytes.Length; split++)
            Decode(BodyFraming.Length, 5, bytes, [split]).ShouldBe(new Decoded(BodyStep.End, "hello", "", "GET"));
        Decode(BodyFraming.Length, 5, "hell"u8.ToArray(), []).ShouldBe(new Decoded(BodyStep.NeedMore, "hell", "", ""));
    }

    [Theory]
    [InlineData(BodyFraming.None, -1)]
    [InlineData(BodyFraming.Length, 0)]
    public void Start_NoBody_IsCompleteAtOnce(BodyFraming framing, long length)
    {
        BodyDecoder decoder = default;
        decoder.Start(framing, length);

        decoder.IsComplete.ShouldBeTrue();
        decoder.EndOfStream().ShouldBeTrue();
        decoder.Next("GET"u8, out int skip, out int take).ShouldBe(BodyStep.End);
        (skip, take).ShouldBe((0, 0));
    }

    [Fact]
    public void EndOfStream_UntilClose_IsTheBodysEnd()
    {
        BodyDecoder decoder = default;
        decoder.Start(BodyFraming.UntilClose, -1);

        decoder.Next([], out _, out _).ShouldBe(BodyStep.NeedMore);
        decoder.Next("abc"u8, out _, out int take).ShouldBe(BodyStep.Data);
        take.ShouldBe(3);
        decoder.IsComplete.ShouldBeFalse();
        decoder.EndOfStream().ShouldBeTrue();
        decoder.IsComplete.ShouldBeTrue();
    }

    [Theory]
    [InlineData(BodyFraming.Length, "abc")]
    [InlineData(BodyFraming.Chunked, "3\r\nabc\r\n")]
    [InlineData(BodyFraming.Chunked, "3\r\nabc\r\n0\r\n")]
    public void EndOfStream_BeforeTheEnd_IsABrokenBody(BodyFraming framing, string text)
    {
        BodyDecoder decoder = default;
        decoder.Start(framing, 5);
        byte[] bytes = Heads.Bytes(text);
        int at = 0;
        while (decoder.Next(bytes.AsSpan(at), out int skip, out int take) == BodyStep.Data)
            at += skip + take;

        decoder.EndOfStream().ShouldBeFalse();
    }

    [Fact]
    public void Next_RandomChunksAndSplits_GivesTheBodyBack()
    {
        int seed = TestSeed.Value;
        Random random = new(seed);
        for (int round = 0; round < 2000; round++)
        {
            byte[] body = new byte[random.Next(2000)];
            random.NextBytes(body);
            byte[] encoded = Encode(body, random);
            int[] splits = [.. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(encoded.Length + 1)).Order()];
            Decoded found = Decode(BodyFraming.Chunked, 0, encoded, splits);
            found.ShouldBe(new Decoded(BodyStep.End, Heads.Text(body), "", ""), $"HEADGATE_SEED={seed} round {round}");
        }
    }

    private static byte[] Encode(byte[] body, Random random)
    {
        StringBuilder text = new();
        for (int at = 0; at < body.Length;)
        {
            int size = random.Next(1, Math.Min(300, body.Length - at) + 1);
            string extension = random.Next(4) == 0 ? ";ext=\"v\"" : "";
            text.Append(random.Next(2) == 0 ? $"{size:x}" : $"{size:X4}").Append(extension).Append("\r\n");
            text.Append(Heads.Text(body.AsSpan(at, size))).Append("\r\n");
            at += size;
        }

        return Heads.Bytes(text.Append("0\r\n\r\n").ToString());
    }

    /// <summary>Feeds the bytes as a transport does: all up to the first split, then up to the next, what is not consumed staying in front.</summary>
    internal static Decoded Decode(BodyFraming framing, long length, byte[] bytes, int[] splits)
    {
        BodyDecoder decoder = default;
        decoder.Start(framing, length);
        StringBuilder body = new();
        StringBuilder trailers = new();
        int start = 0;
        BodyStep step = BodyStep.NeedMore;
        foreach (int end in splits.Append(bytes.Length))
        {
            do
            {
                step = decoder.Next(bytes.AsSpan(start, end - start), out int skip, out int take);
                (skip >= 0 && take >= 0 && skip + take <= end - start).ShouldBeTrue();
                (take > 0).ShouldBe(step is BodyStep.Data or BodyStep.Trailers);
                (step == BodyStep.Trailers ? trailers : body).Append(Heads.Text(bytes.AsSpan(start + skip, take)));
                start += skip + take;
            }
            while (step is BodyStep.Data or BodyStep.Trailers);

            if (step is BodyStep.End or BodyStep.Bad)
                break;
        }

        decoder.IsComplete.ShouldBe(step == BodyStep.End);
        return new Decoded(step, body.ToString(), trailers.ToString(), step == BodyStep.Bad ? "" : Heads.Text(bytes.AsSpan(start)));
    }

    internal sealed record Decoded(BodyStep Last, string Body, string Trailers, string Left);
}
