using System.Buffers.Binary;
using System.Net;
using Headgate.Core.Config.Expressions;

namespace Headgate.Core.Tests.Config.Expressions;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", "11.0.0.0")]
    [InlineData("10.1.2.3/8", "10.0.0.0", "9.255.255.255")]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.2")]
    [InlineData("127.0.0.1/32", "127.0.0.1", "127.0.0.0")]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::")]
    [InlineData("::1", "::1", "::2")]
    [InlineData("0.0.0.0/0", "255.255.255.255", "::1")]
    [InlineData("::/0", "::1", "0.0.0.0")]
    [InlineData("::/80", "::1", "10.0.0.1")]
    [InlineData("::/1", "2001:db8::1", "::ffff:10.0.0.1")]
    [InlineData("::ffff:10.0.0.0/104", "10.255.0.1", "11.0.0.0")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2")]
    public void Contains_InsideAndOutside_Tells(string range, string inside, string outside)
    {
        AddressRange.TryParse(range, out AddressRange parsed).ShouldBeTrue();
        parsed.Contains(Bits(inside)).ShouldBeTrue();
        parsed.Contains(Bits(outside)).ShouldBeFalse();
    }

    [Fact]
    public void Contains_WideIPv6_HoldsNoIPv4()
    {
        AddressRange.TryParse("::/0", out AddressRange parsed).ShouldBeTrue();
        parsed.Contains(Bits("1.2.3.4")).ShouldBeFalse("IPv4 is carried inside ::ffff:0:0/96, but ::/0 speaks of IPv6 peers");
        parsed.Contains(Bits("2001:db8::1")).ShouldBeTrue();
        AddressRange.TryParse("::ffff:0:0/96", out parsed).ShouldBeTrue();
        parsed.Contains(Bits("1.2.3.4")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData(" 10.0.0.0")]
    [InlineData("::1/129")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData(":/8")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("a.test")]
    public void TryParse_NoAddress_IsFalse(string text) => AddressRange.TryParse(text, out _).ShouldBeFalse();

    private static UInt128 Bits(string address) => BinaryPrimitives.ReadUInt128BigEndian(IPAddress.Parse(address).MapToIPv6().GetAddressBytes());
}
