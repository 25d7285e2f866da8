using FsCheck;
using FsCheck.Fluent;
using Headgate.Proxy.Dns;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Dns;

/// <summary>Messages that are broken in any way: read or refused, nothing else.</summary>
public sealed class MutatedReplyTests
{
    private const int Rounds = 100_000;

    private static readonly byte[] Whole = DnsReplyTests.Question().Reply(
        0,
        [
            WireRecord.Alias("a.test", "b.test"), WireRecord.Address("b.test", "192.0.2.1"), WireRecord.Address("b.test", "2001:db8::1"), WireRecord.Service("b.test", 1, 2, 3, "c.test"),
            new WireRecord([0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'x', 0xC0, 14]),
        ],
        [WireRecord.Zone("test", 60, 30)],
        [WireRecord.Opt(0)]);

    [Fact]
    public void Read_MutatedMessage_IsReadOrRefused()
    {
        int seed = TestSeed.Value;
        var random = new Random(seed);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] message = Mutate(random);
            try
            {
                ReadTwice(message);
                read++;
            }
            catch (DnsException)
            {
                // refused
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}: {Convert.ToHexString(message)}", e);
            }
        }

        read.ShouldBeInRange(Rounds / 100, Rounds - (Rounds / 100), $"seed {seed}: mutations that change too little or too much");
    }

    [Fact]
    public void Read_AnyBytes_IsReadOrRefused() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            try
            {
                // A header that says that records follow: anything else ends at once.
                ReadTwice([0, 7, 0x81, 0x80, 0, 1, 0, 3, 0, 1, 0, 1, .. bytes]);
            }
            catch (DnsException)
            {
                // refused
            }
        }).QuickCheckThrowOnFailure();

    /// <summary>Alone and in the midst of other bytes: what lies around a message must not count.</summary>
    private static void ReadTwice(byte[] message)
    {
        byte[] around = [1, (byte)'q', 0, .. message, 0xC0, 12, 0, 0, 0, 0];
        string alone = Text(() => DnsReply.Read(message));
        string within = Text(() => DnsReply.Read(around.AsSpan(3, message.Length)));
        within.ShouldBe(alone);
        if (alone.StartsWith("refused", StringComparison.Ordinal))
            throw new DnsException(alone);
    }

    private static string Text(Func<DnsReply> read)
    {
        try
        {
            DnsReply reply = read();
            return $"{reply} {string.Join(' ', reply.Answers)}";
        }
        catch (DnsException e)
        {
            return $"refused: {e.Message}";
        }
    }

    private static byte[] Mutate(Random random)
    {
        List<byte> message = [.. Whole];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(message.Count);
            switch (random.Next(6))
            {
                case 0:
                    message[at] = (byte)random.Next(256);
                    break;
                case 1:
                    message[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    message.RemoveRange(at, Math.Min(random.Next(1, 8), message.Count - at));
                    break;
                case 3:
                    message.InsertRange(at, message.GetRange(at, Math.Min(random.Next(1, 20), message.Count - at)));
                    break;
                case 4 when at + 1 < message.Count:
                    (message[at], message[at + 1]) = ((byte)(0xC0 | random.Next(2)), (byte)random.Next(256));
                    break;
                default:
                    message[random.Next(4, 12)] = (byte)random.Next(4);
                    break;
            }

            if (message.Count == 0)
                break;
        }

        return [.. message];
    }
}
