using System.Diagnostics;
using System.Globalization;
using Headgate.Proxy.Http1;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Micro.Http1;

/// <summary>Nanoseconds to parse a head and to write the one that is sent on, median of turns, and what it allocates.</summary>
internal static class CodecBenchmark
{
    private const int Turns = 25;
    private const int Times = 100_000;

    private static readonly byte[] Browser =
        [.. "GET /shop/items/4711?sort=price&page=2 HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"u8,
            .. "Accept: text/html,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: keep-alive\r\n\r\n"u8];

    private static readonly byte[] Answer =
        [.. "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 1024\r\n"u8,
            .. "Cache-Control: max-age=60\r\nETag: \"5f3a\"\r\nConnection: keep-alive\r\n\r\n"u8];

    /// <summary>Runs and prints a table.</summary>
    public static void Run()
    {
        RequestHead request = new();
        ResponseHead response = new();
        byte[] to = new byte[4096];
        Measure($"parse a request, {Browser.Length} bytes", () => HeadParser.ParseRequest(Browser, request, HeadLimits.Default).Consumed);
        Measure("write it for a node", () => WriteRequest(request, to));
        Measure($"parse a response, {Answer.Length} bytes", () => HeadParser.ParseResponse(Answer, HttpMethod.Get, response, HeadLimits.Default).Consumed);
        Measure("write it for the client", () => WriteResponse(response, to));
    }

    private static int WriteRequest(RequestHead head, byte[] to)
    {
        RequestForwarding forwarding = new()
        {
            Host = head.Authority,
            ClientAddress = "203.0.113.7"u8,
            ForwardedProto = "https"u8,
            ForwardedHost = head.Host,
            ForwardedPort = 443,
        };
        return HeadWriter.WriteRequest(to, head, forwarding);
    }

    private static int WriteResponse(ResponseHead head, byte[] to)
    {
        ResponseForwarding forwarding = new()
        {
            VersionMinor = 1,
            Framing = head.Framing,
            ContentLength = head.ContentLength,
            KeepAlive = true,
            Server = "Headgate/0.1.0"u8,
            Date = "Sat, 21 Nov 2026 10:00:00 GMT"u8,
        };
        return HeadWriter.WriteResponse(to, head, forwarding);
    }

    private static void Measure(string what, Func<int> step)
    {
        double[] turns = new double[Turns];
        long allocated = 0;
        for (int turn = -5; turn < Turns; turn++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Times; i++)
                _ = step();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (turn < 0)
                continue;
            turns[turn] = elapsed.TotalNanoseconds / Times;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Array.Sort(turns);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-32} {turns[Turns / 2],8:f0} ns {allocated / (double)(Turns * Times),6:f2} bytes allocated"));
    }
}
