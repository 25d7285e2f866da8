using System.Text;
using Headgate.Core.Primitives;
using Headgate.Testing;

namespace Headgate.Core.Tests.Primitives;

public class RequestVariableTests
{
    private static readonly TestRequest Request = new TestRequest("a.test", "/p q", "x=1&x=2&%79=a%20b+c&flag&bad=%zz%4&=none&e=&long=%41" + new string('l', 500), "PUT")
        .With("X-User", "ann")
        .With("under_score", "u")
        .With("Host", "a.test:9080")
        .With("Content-Type", "text/plain")
        .With("Cookie", "a=1;b=2; c=\"q\" ;  A=3; a=4; novalue; d==");

    [Theory]
    [InlineData("uri", "/p q")]
    [InlineData("host", "a.test")]
    [InlineData("request_method", "PUT")]
    [InlineData("scheme", "http")]
    [InlineData("remote_addr", "192.0.2.1")]
    [InlineData("remote_port", "50000")]
    [InlineData("server_addr", "198.51.100.1")]
    [InlineData("server_port", "9080")]
    [InlineData("http_x_user", "ann")]
    [InlineData("http_X-User", "ann")]
    [InlineData("http_under_score", "u")]
    [InlineData("http_host", "a.test:9080")]
    [InlineData("http_none", null)]
    [InlineData("content_type", "text/plain")]
    [InlineData("content_length", null)]
    [InlineData("arg_x", "1")]
    [InlineData("arg_X", null)]
    [InlineData("arg_y", "a b c")]
    [InlineData("arg_flag", "")]
    [InlineData("arg_e", "")]
    [InlineData("arg_bad", "%zz%4")]
    [InlineData("arg_none", null)]
    [InlineData("cookie_a", "1")]
    [InlineData("cookie_A", "3")]
    [InlineData("cookie_b", "2")]
    [InlineData("cookie_c", "\"q\"")]
    [InlineData("cookie_d", "=")]
    [InlineData("cookie_novalue", null)]
    [InlineData("consumer_name", null)]
    [InlineData("post_arg_x", null)]
    [InlineData("graphql_operation", null)]
    [InlineData("", null)]
    public void TryGet_Name_GivesItsValue(string name, string? expected) => Get(name, Request).ShouldBe(expected);

    [Fact]
    public void TryGet_DecodedValueLongerThanScratch_Whole() => Get("arg_long", Request).ShouldBe("A" + new string('l', 500));

    [Fact]
    public void TryGet_NoQueryNoHost_Absent()
    {
        var bare = new TestRequest("", "/");
        foreach (string name in (string[])["args", "query_string", "host", "arg_x", "cookie_x", "http_x"])
            Get(name, bare).ShouldBeNull(name);
        Get("args", Request)!.ShouldStartWith("x=1&x=2");
        Get("request_uri", bare).ShouldBe("/");
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1::1")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("fe80::ffff:0:0:1")]
    [InlineData("0:1::")]
    public void AddressText_Canonical_RoundTrips(string text)
    {
        AddressText.TryParse(Encoding.UTF8.GetBytes(text), out UInt128 address).ShouldBeTrue();
        address.ShouldBe(TestRequest.Bits(text));
        Span<byte> written = stackalloc byte[AddressText.BytesMax];
        Encoding.UTF8.GetString(written[..AddressText.Format(address, written)]).ShouldBe(text);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1", "64:ff9b::a00:1")]
    [InlineData("[2001:DB8::0001]", "2001:db8::1")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("1:2:3:4:5:6:10.0.0.1", "1:2:3:4:5:6:a00:1")]
    public void AddressText_OtherForms_Read(string text, string same)
    {
        AddressText.TryParse(Encoding.UTF8.GetBytes(text), out UInt128 address).ShouldBeTrue();
        address.ShouldBe(TestRequest.Bits(same));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.-4")]
    [InlineData("1.2.3.1000")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7::8")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("1.2.3.4::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1")]
    [InlineData("[1.2.3.4]")]
    public void AddressText_NoAddress_Refused(string text) =>
        AddressText.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void AddressText_RandomBits_AsTheFrameworkWritesAndReads()
    {
        var random = new Random(TestSeed.Value);
        Span<byte> bytes = stackalloc byte[16];
        Span<byte> written = stackalloc byte[AddressText.BytesMax];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            for (int group = 0; group < 8; group++)
            {
                if (random.Next(2) == 0)
                    bytes.Slice(group * 2, 2).Clear();
            }

            var framework = new System.Net.IPAddress(bytes);
            UInt128 address = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
            ReadOnlySpan<byte> text = written[..AddressText.Format(address, written)];
            AddressText.TryParse(text, out UInt128 read).ShouldBeTrue($"HEADGATE_SEED={TestSeed.Value}: {framework}");
            read.ShouldBe(address);
            System.Net.IPAddress.Parse(Encoding.UTF8.GetString(text)).MapToIPv6().ShouldBe(framework.MapToIPv6());
        }
    }

    private static string? Get(string name, TestRequest request)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        return RequestVariable.Parse(name).TryGet(request, scratch, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;
    }
}
