namespace Headgate.Store.Tests;

public sealed class CommitLimitsTests
{
    private static readonly Origin Me = new("tester", "local", "test");

    public static TheoryData<string, Operation[], Compare[]> Refused() => new()
    {
        { "A commit takes 1 to 128 operations; this one has 0.", [], [] },
        { "A commit takes 1 to 128 operations; this one has 129.", [.. Enumerable.Range(0, 129).Select(i => Put($"/{i}"))], [] },
        { "A commit takes at most 128 compares; this one has 129.", [Put("/a")], [.. Enumerable.Repeat(new Compare.Exists("/a"), 129)] },
        { "operations[1]: the key /a is written twice; a commit writes each key at most once.", [Put("/a"), new Operation.Delete("/a")], [] },
        { "operations[0]: a key has 1 to 1024 bytes; this one has 0.", [Put("")], [] },
        { "operations[0]: a key has 1 to 1024 bytes; this one has 1026.", [Put(new string('é', 513))], [] },
        { "operations[0]: a key cannot hold a NUL character.", [Put("/a\0")], [] },
        { "operations[0]: the key is not valid Unicode text (lone surrogate at character 1).", [Put("/\uD800")], [] },
        { "operations[0]: the value of /a has 1572865 bytes; at most 1572864 (1.5 MiB) are allowed.", [new Operation.Put("/a", new byte[1572865])], [] },
        { "operations[0]: the ttl of /a is 00:00:00; use 1 ms to 3650 days, or none.", [new Operation.Put("/a", default, TimeSpan.Zero)], [] },
        { "operations[0]: the ttl of /a is 10675199.02:48:05.4775807; use 1 ms to 3650 days, or none.", [new Operation.Put("/a", default, TimeSpan.MaxValue)], [] },
        { "compares[1]: a key has 1 to 1024 bytes; this one has 0.", [Put("/a")], [new Compare.Exists("/a"), new Compare.Missing("")] },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Check_LimitBroken_SaysWhichAndWhere(string message, Operation[] operations, Compare[] compares)
    {
        Commit commit = new() { Operations = operations, Compares = compares, Origin = Me };

        Should.Throw<ArgumentException>(() => CommitLimits.Check(commit)).Message.ShouldStartWith(message);
    }

    [Fact]
    public void Check_AtTheLimits_Passes() =>
        CommitLimits.Check(new Commit
        {
            Operations = [.. Enumerable.Range(0, 127).Select(i => Put($"/{i}")), new Operation.Put(new string('é', 512), new byte[1572864], TimeSpan.FromMilliseconds(1))],
            Compares = [.. Enumerable.Repeat(new Compare.RangeNotWrittenSince("", 0), 128)],
            Origin = Me,
        });

    private static Operation.Put Put(string key) => new(key, "{}"u8.ToArray());
}
