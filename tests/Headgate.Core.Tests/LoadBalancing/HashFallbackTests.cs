using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

/// <summary>What is hashed when a request has nothing of the key.</summary>
public sealed class HashFallbackTests
{
    [Theory]
    [InlineData("header", "x-user", "header", "x-session")]
    [InlineData("cookie", "user", "header", "x-session")]
    [InlineData("vars", "arg_user", "vars_combinations", "$http_x_session")]
    [InlineData("vars_combinations", "$arg_user$http_x_user", "cookie", "session")]
    [InlineData("consumer", null, "header", "x-session")]
    public void Hash_NothingOfTheKey_IsTheFallback(string hashOn, string? key, string fallback, string fallbackKey)
    {
        TestRequest request = new TestRequest("a.test", "/").With("x-session", "7f").With("cookie", "session=7f");

        Key(hashOn, key, fallback, fallbackKey).Hash(request).ShouldBe(Crc("7f"));
    }

    [Fact]
    public void Hash_NothingOfEither_IsTheClientsAddress() =>
        Key("header", "x-user", "cookie", "session").Hash(new TestRequest("a.test", "/", clientAddress: "192.0.2.7")).ShouldBe(Crc("192.0.2.7"));

    [Fact]
    public void Hash_EmptyValues_CountAsNothing() =>
        Key("header", "x-user", "vars", "arg_s").Hash(new TestRequest("a.test", "/", "s=", clientAddress: "192.0.2.7").With("x-user", "")).ShouldBe(Crc("192.0.2.7"));

    [Theory]
    [InlineData("chash")]
    [InlineData("maglev")]
    public void Pick_FallbackAdded_MovesNoRequestThatHasTheKey(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 2, 3, 1, 1);
        var plain = new UpstreamConfig { Id = "1", Type = type, HashOn = "header", Key = "x-user" };
        UpstreamConfig falling = plain with { HashFallback = "cookie", HashFallbackKey = "session" };
        var random = new Random(TestSeed.Value);
        INodePicker before = LoadBalancingPolicies.Get(type).Build(plain, nodes, new BalancerState());
        INodePicker after = LoadBalancingPolicies.Get(type).Build(falling, nodes, new BalancerState());

        int moved = 0;
        for (int i = 0; i < 3000; i++)
        {
            TestRequest request = new TestRequest("a.test", "/").With("cookie", $"session={random.Next()}");
            moved += Balancing.PickFirst(before, request) == Balancing.PickFirst(after, request) ? 0 : 1;
            request.With("x-user", $"u{random.Next()}");
            Balancing.PickFirst(after, request).ShouldBeSameAs(Balancing.PickFirst(before, request), $"HEADGATE_SEED={TestSeed.Value}");
        }

        moved.ShouldBeGreaterThan(1500); // those without the key left the one node of their common address
    }

    [Fact]
    public void Pick_SessionsOfTheFallback_SpreadByWeight()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 3);
        var config = new UpstreamConfig { Id = "1", Type = "maglev", HashOn = "header", Key = "x-user", HashFallback = "cookie", HashFallbackKey = "session" };
        INodePicker picker = LoadBalancingPolicies.Get("maglev").Build(config, nodes, new BalancerState());
        int[] counts = new int[2];

        for (int i = 0; i < 4000; i++)
            counts[Balancing.PickFirst(picker, new TestRequest("a.test", "/").With("cookie", $"session={i}"))!.Index]++;

        counts[1].ShouldBeInRange(2800, 3200);
    }

    private static HashKey Key(string hashOn, string? key, string fallback, string fallbackKey) =>
        HashKey.Of(new UpstreamConfig { Id = "1", Type = "chash", HashOn = hashOn, Key = key, HashFallback = fallback, HashFallbackKey = fallbackKey });

    private static uint Crc(string text) => Crc32.End(Crc32.Update(Crc32.Begin, System.Text.Encoding.UTF8.GetBytes(text)));
}
