using Headgate.Proxy.Http1;
using Headgate.Testing;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>Nothing on the path of a message allocates, whatever the messages look like.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 100;
    private const int Varied = 1000;

    [Fact]
    public void ParseAndWrite_HundredThousandVariedHeads_AllocateNothing()
    {
        byte[][] requests = [.. Enumerable.Range(0, Varied).Select(RequestNumber)];
        byte[][] responses = [.. Enumerable.Range(0, Varied).Select(ResponseNumber)];
        byte[] to = new byte[16_384];
        RequestHead request = new();
        ResponseHead response = new();

        Allocation.Of(() =>
        {
            for (int round = 0; round < Rounds; round++)
                Pass(requests, responses, request, response, to);
        }).ShouldBe(0);
    }

    private static void Pass(byte[][] requests, byte[][] responses, RequestHead request, ResponseHead response, byte[] to)
    {
        for (int i = 0; i < requests.Length; i++)
        {
            if (HeadParser.ParseRequest(requests[i], request, HeadLimits.Default).Status != HeadStatus.Complete)
                throw new InvalidOperationException(Heads.Text(requests[i]));
            RequestForwarding forwarding = new()
            {
                Host = request.Authority,
                ClientAddress = "10.1.2.3"u8,
                ForwardedProto = "http"u8,
                ForwardedHost = request.Host,
                ForwardedPort = 80,
                Framing = request.Framing,
                ContentLength = request.ContentLength,
            };
            HeadWriter.WriteRequest(to, request, forwarding);
            if (HeadParser.ParseResponse(responses[i], HttpMethod.Get, response, HeadLimits.Default).Status != HeadStatus.Complete)
                throw new InvalidOperationException(Heads.Text(responses[i]));
            ResponseForwarding back = new()
            {
                VersionMinor = 1,
                Framing = response.Framing,
                ContentLength = response.ContentLength,
                KeepAlive = true,
                Server = "s"u8,
                Date = "d"u8,
                UpstreamStatus = "500"u8,
            };
            HeadWriter.WriteResponse(to, response, back);
            GatewayHead own = new() { Status = 404, Server = "s"u8, Date = "d"u8, ContentLength = 36 };
            own.Write(to);
            GatewayBodies.WriteReason(to, HeadFault.HostMissing.Reason);
            Decode(i);
            HeadParser.ParseRequest("GET / HTTP/1.1\n"u8, request, HeadLimits.Default);
        }
    }

    private static void Decode(int number)
    {
        BodyDecoder decoder = default;
        decoder.Start(BodyFraming.Chunked, 0);
        ReadOnlySpan<byte> rest = number % 2 == 0 ? "5;a=\"b\"\r\nhello\r\n0\r\nHost: x\r\nA: b\r\n\r\n"u8 : "0\r\n\r\n"u8;
        BodyStep step;
        do
        {
            step = decoder.Next(rest, out int skip, out int take);
            rest = rest[(skip + take)..];
        }
        while (step is BodyStep.Data or BodyStep.Trailers);
    }

    private static byte[] RequestNumber(int n)
    {
        string target = (n % 4) switch
        {
            0 => $"/item/{n}?page={n}",
            1 => $"/%69tem//{n}/../{n * 7}",
            2 => $"http://host{n}.example?x={n}",
            _ => "/" + new string('p', n),
        };
        string fields = string.Concat(Enumerable.Range(0, n % 40).Select(i => $"X-Field-{i}: {n * i}\r\n"));
        string framing = (n % 3) switch { 0 => "", 1 => $"Content-Length: {n}\r\n", _ => "Transfer-Encoding: chunked\r\nConnection: X-Field-1, keep-alive\r\n" };
        return Heads.Bytes($"POST {target} HTTP/1.1\r\nHost: host{n}.example\r\nX-Forwarded-For: 1.2.3.4\r\nTE: gzip, trailers\r\n{fields}{framing}\r\n");
    }

    private static byte[] ResponseNumber(int n)
    {
        string fields = string.Concat(Enumerable.Range(0, n % 30).Select(i => $"X-Field-{i}: {n * i}\r\n"));
        return Heads.Bytes($"HTTP/1.1 {200 + (n % 300)} Reason {n}\r\nServer: x\r\n{fields}Connection: X-Field-2\r\n" + (n % 2 == 0 ? $"Content-Length: {n}\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n"));
    }
}
