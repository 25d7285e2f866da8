using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Headgate.Proxy.Dns;

namespace Headgate.Proxy.Tests.Dns;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("Example.COM", "example.com")]
    [InlineData("example.com.", "example.com")]
    [InlineData("_http._tcp.Shop", "_http._tcp.shop")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    public void Normalize_Name_LowerCaseWithoutTheLastDot(string written, string expected) => DnsName.Normalize(written).ShouldBe(expected);

    [Theory]
    [InlineData("", "\"\" is no host name: a part between dots has 0 characters; 1 to 63 are allowed")]
    [InlineData(".", "\".\" is no host name: a part between dots has 0 characters; 1 to 63 are allowed")]
    [InlineData("a..b", "\"a..b\" is no host name: a part between dots has 0 characters; 1 to 63 are allowed")]
    [InlineData("a b", "\"a b\" is no host name: it holds a character that no name may have")]
    [InlineData("a\\.b", "\"a\\.b\" is no host name: it holds a character that no name may have")]
    public void Normalize_NoName_SaysWhy(string written, string expected) => Should.Throw<DnsException>(() => DnsName.Normalize(written)).Message.ShouldBe(expected);

    [Fact]
    public void Normalize_TooLong_IsRefused()
    {
        string label = new('a', 63);
        DnsName.Normalize($"{label}.{label}.{label}.{new string('b', 61)}").Length.ShouldBe(253);

        Should.Throw<DnsException>(() => DnsName.Normalize($"{label}.{label}.{label}.{new string('b', 62)}")).Message.ShouldContain("254 characters; at most 253");
        Should.Throw<DnsException>(() => DnsName.Normalize(label + "a"));
    }

    [Fact]
    public void Write_AnyBytesOfLabels_AreReadBackAsTheSameText()
    {
        Gen<byte[]> label = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().Where(bytes => bytes.Length is > 0 and <= 63);
        Arbitrary<byte[][]> names = label.ArrayOf().Where(labels => labels.Sum(l => l.Length + 1) + 1 <= 255).ToArbitrary();
        Prop.ForAll(names, labels =>
        {
            byte[] wire = [.. labels.SelectMany(l => (byte[])[(byte)l.Length, .. l]), 0];
            var reader = new DnsReader(wire);
            string text = reader.ReadName();
            Span<byte> written = stackalloc byte[DnsName.WireBytesMax];
            int length = DnsName.Write(written, text);
            string lower = Encoding.Latin1.GetString([.. wire.Select(b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b)]);
            return length == wire.Length && new DnsReader(written[..length]).ReadName() == text && (labels.Any(HasLengthLikeALetter) || Encoding.Latin1.GetString(written[..length]) == lower);
        }).QuickCheckThrowOnFailure();
    }

    // A length of 65 to 90 cannot be: labels have 63 at most; so no length is taken for a letter.
    private static bool HasLengthLikeALetter(byte[] label) => label.Length is >= 'A' and <= 'Z';
}
