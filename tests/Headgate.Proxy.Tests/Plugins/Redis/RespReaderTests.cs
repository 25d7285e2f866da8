using System.Text;
using Headgate.Proxy.Plugins.Redis;

namespace Headgate.Proxy.Tests.Plugins.Redis;

/// <summary>Answers of Redis, whole, in pieces and broken.</summary>
public sealed class RespReaderTests
{
    [Theory]
    [InlineData("*2\r\n:3\r\n:59000\r\n", false, 3, 59000)]
    [InlineData(":7\r\n", false, 7, 0)]
    [InlineData("+PONG\r\n", false, 0, 0)]
    [InlineData("$3\r\na\r\n\r\n", false, 0, 0)]
    [InlineData("$-1\r\n", false, 0, 0)]
    [InlineData("*-1\r\n", false, 0, 0)]
    [InlineData("*3\r\n$2\r\nab\r\n:-5\r\n:6\r\n", false, -5, 6)]
    [InlineData("-NOSCRIPT No matching script.\r\n", true, 0, 0)]
    public void Read_WholeOrInPieces_IsTheSame(string text, bool isError, long first, long second)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text + ":9\r\n");
        for (int length = 0; length < text.Length; length++)
            RespReader.Read(bytes.AsSpan(0, length), out _).ShouldBe(0);
        RespReader.Read(bytes, out RedisAnswer answer).ShouldBe(text.Length);
        (answer.IsError, answer.First, answer.Second).ShouldBe((isError, first, second));
        answer.IsUnknownScript.ShouldBe(isError);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\r\n")]
    [InlineData(":x\r\n")]
    [InlineData("*99\r\n")]
    [InlineData("*1\r\n*1\r\n:1\r\n")]
    [InlineData("$99999999\r\n")]
    public void Read_NoAnswer_Throws(string text) => Should.Throw<InvalidDataException>(() => RespReader.Read(Encoding.Latin1.GetBytes(text), out _));
}
