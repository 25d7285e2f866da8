using System.Text;
using Headgate.Proxy.Plugins.Limits;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.Limits;

/// <summary>What requests are counted by.</summary>
public sealed class LimitKeyTests
{
    [Theory]
    [InlineData(LimitKeyType.Variable, "uri", "/a")]
    [InlineData(LimitKeyType.Variable, "arg_none", "192.0.2.1")]
    [InlineData(LimitKeyType.Combination, "$uri ${host}!", "/a a.test!")]
    [InlineData(LimitKeyType.Combination, "$arg_none-$uri", "-/a")]
    [InlineData(LimitKeyType.Combination, "$arg_none", "192.0.2.1")]
    [InlineData(LimitKeyType.Combination, "text", "192.0.2.1")]
    [InlineData(LimitKeyType.Constant, "$uri", "$uri")]
    public void Of_ARequest(LimitKeyType type, string key, string expected) => Of(type, key, "/a").ShouldBe(expected);

    [Fact]
    public void Of_LongKeys_AreShortAndDiffer()
    {
        string first = Of(LimitKeyType.Variable, "uri", "/" + new string('a', 300)), second = Of(LimitKeyType.Variable, "uri", "/" + new string('a', 299) + "b");
        (first.Length, second.Length).ShouldBe((32, 32));
        first.ShouldNotBe(second);
    }

    private static string Of(LimitKeyType type, string key, string path)
    {
        Span<byte> buffer = stackalloc byte[LimitKey.BytesMax];
        return Encoding.Latin1.GetString(new LimitKey(type, key).Of(new TestRequest("a.test", path), buffer));
    }
}
