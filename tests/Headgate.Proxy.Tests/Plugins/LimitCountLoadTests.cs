using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>limit-count</c> of 1,000 a second under many times as many requests from 64 connections.</summary>
public sealed class LimitCountLoadTests
{
    private const int Connections = 64;
    private const int Count = 1000;

    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"u8.ToArray();

    [Theory]
    [InlineData("fixed")]
    [InlineData("sliding")]
    public Task Requests_20Thousand_NeverMoreThanAllowed(string windowType) => RunAsync(windowType, 20_000);

    [Theory]
    [InlineData("fixed")]
    [InlineData("sliding")]
    [Trait("Category", "Long")]
    public Task Requests_1Million_NeverMoreThanAllowed(string windowType) => RunAsync(windowType, 1_000_000);

    private static async Task RunAsync(string windowType, int requests)
    {
        using var node = new BlockingNode(Answer);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [node.EndPoint.Port], ""","keepalive_pool":{"size":320,"idle_timeout":60,"requests":10000000}""",
            routeMore: $$$""","plugins":{"limit-count":{"count":{{{Count}}},"time_window":1,"window_type":"{{{windowType}}}","key_type":"constant","key":"all","rejected_code":429,"rejected_msg":"no"}}""");
        long begun = Stopwatch.GetTimestamp();
        List<Admission>[] perConnection = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using Socket client = await gateway.ConnectAsync();
            return await SendAsync(client, requests / Connections);
        }));
        TimeSpan lasted = Stopwatch.GetElapsedTime(begun);
        Admission[] admitted = [.. perConnection.SelectMany(list => list).OrderBy(admission => admission.SentAt)];
        TestContext.Current.SendDiagnosticMessage("{0}: {1} of {2} requests admitted in {3:0.00} s", windowType, admitted.Length, requests, lasted.TotalSeconds);

        // The gateway counts in whole milliseconds.
        int windows = (int)(lasted.TotalSeconds + 0.01) + 1;
        admitted.Length.ShouldBeLessThanOrEqualTo(windows * Count);
        admitted.Length.ShouldBeGreaterThanOrEqualTo(Math.Min(Count, requests));

        // In a fixed window no two requests leave the same number to those behind them.
        if (windowType == "fixed")
            admitted.CountBy(admission => admission.Remaining).Max(pair => pair.Value).ShouldBeLessThanOrEqualTo(windows);
        else
            MostWithinASecond(admitted).ShouldBeLessThanOrEqualTo(Count);
    }

    /// <summary>Most requests that were surely decided within one second, because they were sent and answered within it.</summary>
    private static int MostWithinASecond(Admission[] admitted)
    {
        int most = 0;
        for (int first = 0; first < admitted.Length; first++)
        {
            long end = admitted[first].SentAt + Stopwatch.Frequency;
            int within = 0;
            for (int i = first; i < admitted.Length && admitted[i].SentAt < end; i++)
                within += admitted[i].AnsweredAt <= end ? 1 : 0;
            most = Math.Max(most, within);
        }

        return most;
    }

    private static async Task<List<Admission>> SendAsync(Socket client, int requests)
    {
        var admitted = new List<Admission>();
        byte[] buffer = new byte[4096];
        for (int i = 0; i < requests; i++)
        {
            long sentAt = Stopwatch.GetTimestamp();
            await client.SendAsync(Request);
            int length = 0;
            do
            {
                int got = await client.ReceiveAsync(buffer.AsMemory(length));
                got.ShouldBePositive();
                length += got;
            }
            while (!IsWhole(buffer.AsSpan(0, length)));
            if (buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8))
                admitted.Add(new Admission(sentAt, Stopwatch.GetTimestamp(), Number(buffer.AsSpan(0, length), "X-RateLimit-Remaining: "u8)));
            else
                buffer.AsSpan(0, length).StartsWith("HTTP/1.1 429 "u8).ShouldBeTrue();
        }

        return admitted;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer) =>
        answer.IndexOf("\r\n\r\n"u8) is >= 0 and var end && answer.Length == end + 4 + Number(answer, "Content-Length: "u8);

    private static int Number(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> name)
    {
        Utf8Parser.TryParse(answer[(answer.IndexOf(name) + name.Length)..], out int value, out _).ShouldBeTrue();
        return value;
    }

    private static void Answer(Socket socket)
    {
        byte[] buffer = new byte[4096];
        while (socket.Receive(buffer) > 0)
            socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8);
    }

    private readonly record struct Admission(long SentAt, long AnsweredAt, int Remaining);
}
