using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>Chunked bodies with mistakes in them are read the same however they are split; nothing throws.</summary>
public sealed class BodyFuzzTests
{
    private static readonly string[] Pieces =
    [
        "0\r\n\r\n", "1\r\nx\r\n", "a\r\n0123456789\r\n", "0;x=y\r\n", "\r\n", "\n", "\r", ";", "=", "\"", "X: 1\r\n", "Host: a\r\n", "Y: 2\r\n", "f", "0", " ", "\t", "\0", ":", "\\", "5;a=\"b\"\r\nhello\r\n",
        "ffffffffffffffff", "-1", "+", "0x", "\u00e9",
    ];

    [Fact]
    public void Next_MutatedChunks_AreReadTheSameAtEverySplit() => Run(100_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Next_AMillionMutatedChunks_AreReadTheSameAtEverySplit() => Run(1_000_000);

    private static void Run(int cases)
    {
        Random random = new(TestSeed.Value);
        int ended = 0;
        for (int number = 0; number < cases; number++)
        {
            StringBuilder text = new("3\r\nabc\r\n4;e\r\ndefg\r\n0\r\nA: b\r\nC: d\r\n\r\nnext");
            for (int change = random.Next(4); change > 0 && text.Length > 0; change--)
            {
                int at = random.Next(text.Length);
                if (random.Next(3) == 0)
                    text.Remove(at, Math.Min(random.Next(1, 4), text.Length - at));
                else
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
            }

            byte[] bytes = Heads.Bytes(text.ToString());
            int[] splits = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(bytes.Length + 1)).Order()];
            BodyDecoderTests.Decoded whole = BodyDecoderTests.Decode(BodyFraming.Chunked, 0, bytes, []);
            BodyDecoderTests.Decoded split = BodyDecoderTests.Decode(BodyFraming.Chunked, 0, bytes, splits);
            split.ShouldBe(whole, $"HEADGATE_SEED={TestSeed.Value} case {number}: {Convert.ToBase64String(bytes)} at {string.Join(',', splits)}");
            ended += whole.Last == BodyStep.End ? 1 : 0;
        }

        ended.ShouldBeGreaterThan(cases / 10);
    }
}
