using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

public class ConsistentHashPolicyTests
{
    [Fact]
    public void Crc32_CheckValue_IsTheStandardOne() =>
        Crc32.End(Crc32.Update(Crc32.Update(Crc32.Begin, "12345"u8), "6789"u8)).ShouldBe(0xCBF4_3926u);

    [Theory]
    [InlineData("5 3 2", 1600)]
    [InlineData("50 30 20", 1600)]
    [InlineData("7 7", 320)]
    [InlineData("0 0", 320)]
    [InlineData("2147483647 2147483646", 1_000_000)]
    public void Ring_Points_Are160PerUnitOfWeightUpToTheMaximum(string weights, int points) =>
        new HashRing(Balancing.Nodes(Array.ConvertAll(weights.Split(' '), int.Parse))).Count.ShouldBeInRange(points - 2, points);

    [Fact]
    public void Pick_ManyKeys_FollowTheWeights()
    {
        // 160 points a unit: the share of a node with u of U units has a relative deviation of about 1/sqrt(160·u); three of those for u = 2 are 17 %.
        NodeSnapshot[] nodes = Balancing.Nodes(5, 3, 2);
        INodePicker picker = Balancing.Picker("chash", new BalancerState(), nodes);
        var counts = new int[3];

        for (uint client = 0; client < 30_000; client++)
            counts[Balancing.PickFirst(picker, Balancing.From(client * 2_654_435_761))!.Index]++;

        counts[0].ShouldBeInRange(12_500, 17_500);
        counts[1].ShouldBeInRange(7_500, 10_500);
        counts[2].ShouldBeInRange(5_000, 7_000);
    }

    [Fact]
    public void Pick_NodeTakenOut_MovesOnlyItsKeys()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1, 1, 1);
        INodePicker all = Balancing.Picker("chash", new BalancerState(), nodes);
        INodePicker fewer = Balancing.Picker("chash", new BalancerState(), nodes[..3]);

        for (uint client = 0; client < 5_000; client++)
        {
            TestRequest request = Balancing.From(client * 2_654_435_761);
            NodeSnapshot before = Balancing.PickFirst(all, request)!, after = Balancing.PickFirst(fewer, request)!;
            TriedNodes tried = default;
            tried.Add(3);
            if (before != nodes[3])
                after.ShouldBe(before);
            else
                after.ShouldBe(Balancing.PickNext(all, in tried, request)); // a retry goes where the key would go without the node
        }
    }

    [Theory]
    [InlineData("vars", "arg_user")]
    [InlineData("header", "X-User")]
    [InlineData("cookie", "user")]
    [InlineData("vars_combinations", "$arg_user")]
    [InlineData("vars_combinations", "${arg_user}")]
    public void Hash_KeyOfEachKind_IsTheValue(string hashOn, string key)
    {
        TestRequest request = new TestRequest("a.test", "/", "user=carol").With("x-user", "carol").With("cookie", "a=b; user=carol");

        Key(hashOn, key).Hash(request).ShouldBe(Crc("carol"));
    }

    [Theory]
    [InlineData("$arg_user-${arg_none}/$uri$", "carol-//p$")]
    [InlineData("a$b.c$arg_user", "a.ccarol")]
    [InlineData("$$arg_user${arg_user", "$carol${arg_user")]
    public void Hash_Combination_ReplacesWhatTheRequestHas(string key, string text) =>
        Key("vars_combinations", key).Hash(new TestRequest("a.test", "/p", "user=carol")).ShouldBe(Crc(text));

    [Theory]
    [InlineData("vars", "arg_none")]
    [InlineData("vars", "consumer_name")]
    [InlineData("header", "x-none")]
    [InlineData("cookie", "none")]
    [InlineData("consumer", null)]
    [InlineData("vars_combinations", "x$arg_none$http_none")]
    public void Hash_NothingResolved_IsTheClientsAddress(string hashOn, string? key) =>
        Key(hashOn, key).Hash(new TestRequest("a.test", "/", clientAddress: "192.0.2.7")).ShouldBe(Crc("192.0.2.7"));

    private static HashKey Key(string hashOn, string? key) => HashKey.Of(new UpstreamConfig { Id = "1", Type = "chash", HashOn = hashOn, Key = key });

    private static uint Crc(string text) => Crc32.End(Crc32.Update(Crc32.Begin, System.Text.Encoding.UTF8.GetBytes(text)));
}
