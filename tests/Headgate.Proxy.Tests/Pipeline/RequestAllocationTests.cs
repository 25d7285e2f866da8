using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Proxy.Tests.Plugins.Jwt;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>
/// What a request costs the collector, from the client's socket to the node's and back. Client and node are threads of their own with blocking sockets and
/// buffers made beforehand, so that what is counted is the gateway's. Alone, because what other tests allocate would be counted.
/// </summary>
[CollectionDefinition(nameof(RequestAllocationTests), DisableParallelization = true)]
[Collection(nameof(RequestAllocationTests))]
public sealed class RequestAllocationTests
{
    private const int Requests = 100_000;
    private const int WarmUp = 30_000;

    // For what an upstream or a route has besides: what it allocates for each request shows as well, and there are many such rows.
    private const int RequestsOfFeatures = 25_000;
    private const int WarmUpOfFeatures = 15_000;

    // Every request is counted for the node's health; the one probe is over before anything is measured.
    private const string PassiveChecks = ""","checks":{"active":{"type":"tcp","healthy":{"interval":86400}},"passive":{}}""";

    // Every detection counts, latencies included; windows are long beside the test.
    private const string OutlierDetection =
        ""","outlier_detection":{"interval":3600,"consecutive_5xx":5,"consecutive_gateway_failure":5,"failure_percentage_threshold":50,"latency_factor":3}""";

    // Every node has to pass the gate, and every request takes a permit and gives it back.
    private const string Gated = ""","max_requests":100,"queue":{"size":10},"warm_up_conf":{"slow_start_time_seconds":60,"min_weight_percent":1}""";

    // Every answer sets a cookie.
    private const string Sticky = ""","sticky":{"cookie":{}}""";

    private const string Plugins = ""","plugins":{"request-id":{},"ip-restriction":{"whitelist":["127.0.0.1","10.0.0.0/8"],"_meta":{"filter":[["uri","~~","^/shop"]]}}}""";

    private const string Split =
        ""","plugins":{"traffic-split":{"rules":[{"match":[{"vars":[["arg_page","==","3"]]}]},{"weighted_upstreams":[{"upstream_id":"u","weight":3},{"weight":1}]}]}}""";

    private const string Limits =
        ""","plugins":{"limit-conn":{"conn":100,"burst":0,"default_conn_delay":1,"key":"remote_addr"},"limit-req":{"rate":1000000,"burst":1000000,"nodelay":true,"key_type":"var_combination","key":"$host $remote_addr"},"limit-count":{"count":1000000,"time_window":1},"api-breaker":{"break_response_code":502},"client-control":{"max_body_size":0}}""";

    // A pattern with a capture, variables in fields, an origin that varies, and a redirect whose pattern no path has.
    private const string Rewriting = """
        ,"plugins":{"cors":{"allow_origins_by_regex":["test$"]},"redirect":{"regex_uri":["^/other/[0-9]+","/"]},
         "proxy-rewrite":{"regex_uri":["^/shop/(.*)","/s/$1"],"host":"s.test","headers":{"set":{"X-Group":"$1"},"add":{"X-Page":"$arg_page-$remote_addr"},"remove":["Accept"]}}}
        """;

    // An address from a list, a Referer that is listed, a token in each answer, fields in turn.
    private const string Entrance = """
        ,"plugins":{"real-ip":{"source":"http_x_forwarded_for","trusted_addresses":["127.0.0.1"],"recursive":true},"referer-restriction":{"whitelist":["*.test"],"bypass_missing":true},
         "csrf":{"key":"k"},"traffic-label":{"rules":[{"match":[["uri","~~","^/shop"]],"actions":[{"set_headers":{"X-Group":"$remote_addr"},"weight":2},{"weight":1}]}]}}
        """;

    // A new body with text around it, fields that vary, a fault that never comes, and an encoding that the client does not take.
    private const string Bodies = """
        ,"plugins":{"response-rewrite":{"body":"hello","headers":{"add":["X-A: $uri"],"set":{"X-B":"$status"},"remove":["Content-Type"]},"vars":[["status","==",200]]},
         "echo":{"before_body":"","headers":{"X-C":1}},"fault-injection":{"abort":{"http_status":500,"percentage":0}},"gzip":{"types":"*"},"brotli":{"types":"*"}}
        """;

    // Kept once, and given from then on, whatever is asked for.
    private const string Cached = ""","plugins":{"proxy-cache":{"cache_strategy":"memory","cache_zone":"memory_cache","cache_key":["all","$scheme"],"cache_bypass":["$arg_none"],"no_cache":["$arg_none"]}}""";

    // As if the client took it.
    private const string Gzipped = ""","plugins":{"proxy-rewrite":{"headers":{"set":{"Accept-Encoding":"gzip"}}},"gzip":{"types":"*","min_length":1}}""";
    private const string Brotlied = ""","plugins":{"proxy-rewrite":{"headers":{"set":{"Accept-Encoding":"br"}}},"brotli":{"types":"*","min_length":1,"comp_level":0,"lgwin":10}}""";

    // By name, and by the host of two that matches.
    private const string Counted = ""","hosts":["h1.test","*.test"],"name":"shop","plugins":{"prometheus":{"prefer_name":true}}""";

    // None is traced, but each node is told of a new span; and all are, whose spans nobody takes.
    private const string Untraced = ""","plugins":{"opentelemetry":{"sampler":{"name":"parent_base"}}}""";
    private const string Traced = ""","plugins":{"opentelemetry":{"sampler":{"name":"always_on"},"additional_attributes":["arg_page"],"additional_header_prefix_attributes":["x-*"]}}""";

    private const string Policies = ""","rate_limit":{"rate":1000000,"burst":1000000},"request_headers":{"set":{"X-User":"a"},"add":{"X-Via":"b"},"remove":["Accept"]}""";

    // Each finds the same consumer in its own way.
    private const string Identified = """
        ,"plugins":{"multi-auth":{"auth_plugins":[{"hmac-auth":{}},{"basic-auth":{}}]},"key-auth":{},"jwt-auth":{"header":"X-Token","hide_credentials":true},
         "consumer-restriction":{"whitelist":["jack"],"blacklist":["jim"]}}
        """;

    private const string Signed = ""","plugins":{"hmac-auth":{"hide_credentials":true},"consumer-restriction":{"type":"route_id","blacklist":["r"],"allowed_by_methods":[]}}""";

    // The body is read whole before the node has it.
    private const string Digested = ""","plugins":{"hmac-auth":{"validate_request_body":true}}""";

    // Fields as JSON, and a body that is a long number; each is a document of .NET's.
    private const string Validated =
        ""","plugins":{"request-validation":{"header_schema":{"required":["host"],"properties":{"user-agent":{"type":"string","minLength":1}}},"body_schema":{"type":"number"}}}""";

    // None is copied, as good as; who is pays for the framework's client, on other threads.
    private const string Mirrored = ""","plugins":{"proxy-mirror":{"host":"http://127.0.0.1:1","sample_ratio":0.00001}}""";

    // Both bodies are kept; what is written down in between is a flow of its own, which begins anew when it has caught up.
    private const string Logged = ""","plugins":{"file-logger":{"path":"/dev/null","include_req_body":true,"include_resp_body":true}}""";

    // Every request is a race that nobody joins.
    private const string Hedged = ""","hedging_policy":{"hedging_delay":50}""";

    [Theory]
    [InlineData(0, "")]
    [InlineData(2048, "")]
    [InlineData(0, PassiveChecks)]
    [InlineData(0, OutlierDetection, 3)]
    [InlineData(0, Gated)]
    [InlineData(0, "", 1, 64)]
    [InlineData(0, Sticky)]
    [InlineData(0, Policies)]
    [InlineData(0, Hedged, 2)]
    [InlineData(0, "", 1, 0, Plugins)]
    [InlineData(0, "", 1, 0, Split)]
    [InlineData(0, "", 1, 0, Limits)]
    [InlineData(0, "", 1, 0, Rewriting)]
    [InlineData(0, "", 1, 0, Entrance)]
    [InlineData(0, "", 1, 0, Bodies)]
    [InlineData(0, "", 1, 0, Cached)]
    [InlineData(0, "", 1, 0, Gzipped, 1000, "\r\n0\r\n\r\n")] // .NET's encoder cannot begin again
    [InlineData(0, "", 1, 0, Brotlied, 200, "\r\n0\r\n\r\n")]
    [InlineData(0, "", 2, 0, Counted)]
    [InlineData(0, "", 1, 0, Untraced)]
    [InlineData(0, "", 1, 0, Traced, 100)] // of those that find room, each batch is a post
    [InlineData(0, "", 1, 0, "", 1, "\r\n\r\nhello", true)]
    [InlineData(0, "", 1, 0, Identified)]
    [InlineData(0, "", 1, 0, Signed)]
    [InlineData(2048, "", 1, 0, Digested)]
    [InlineData(2048, "", 1, 0, Validated, 600)]
    [InlineData(2048, "", 1, 0, Mirrored)]
    [InlineData(2048, "", 1, 0, Logged, 300)]
    public async Task ManyRequests_VaryingPathsAndHeaders_LessThanAByteEach(
        int bodyBytes, string more, int nodeCount = 1, int recent = 0, string routeMore = "", int bytesEach = 1, string end = "\r\n\r\nhello", bool logs = false)
    {
        bool isPlain = more.Length + routeMore.Length + recent == 0 && !logs;
        Assert.SkipUnless(isPlain || GatewayUnderTest.Transport == TransportKind.Loops, "what features allocate does not depend on what carries the bytes");
        (int requests, int warmUp) = isPlain ? (Requests, WarmUp) : (RequestsOfFeatures, WarmUpOfFeatures);
        BlockingNode[] nodes = [.. Enumerable.Range(0, nodeCount).Select(_ => new BlockingNode(Answer))];
        using var closing = new Closing(nodes);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(
            recent: new RecentDecisionOptions(recent, Sample: 1), accessLog: logs ? new AccessLogOptions("/dev/null", LogFormat.Template(LogFormat.Default + " $arg_page", LogEscape.Default)) : null);

        // A connection serves 1,000 requests by default; each new one costs the node of this test a thread and a buffer, which are not what is measured.
        int[] ports = [.. nodes.Select(node => node.EndPoint.Port)];
        gateway.PutUpstream("u", ports, ""","retries":2,"keepalive_pool":{"size":320,"idle_timeout":60,"requests":10000000}""" + more);
        gateway.Put(ResourceKind.PluginMetadata, "opentelemetry", """{"collector":{"address":"127.0.0.1:1"}}""");
        for (int i = 0; i < 100; i++)
            gateway.Put(ResourceKind.Route, $"r{i}", $$"""{"uri":"/shop/{{i}}/*","upstream_id":"u"{{routeMore}}}""");

        byte[] fields = Identifying(gateway, routeMore, bodyBytes);

        // Nothing but the two threads and the gateway runs meanwhile: polling would wake pool threads, and each new one takes memory of its own.
        var measured = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        int port = gateway.Port;
        var client = new Thread(() =>
        {
            try
            {
                measured.SetResult(Measure(port, fields, bodyBytes, requests, warmUp, bytesEach, Encoding.ASCII.GetBytes(end)));
            }
#pragma warning disable CA1031 // Shown by the test's own thread.
            catch (Exception error)
#pragma warning restore CA1031
            {
                measured.SetException(error);
            }
        });
        client.Start();
        long least = await measured.Task;
        TestContext.Current.SendDiagnosticMessage("{0} body bytes: {1} bytes allocated for {2} requests", bodyBytes, least, requests);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.RequestsByStatusClass(2) >= requests + warmUp, "all are counted, the last after its answer");
        least.ShouldBeLessThan(requests * bytesEach);
    }

    /// <summary>The consumer that all requests are of, and the lines by which they say so; none where no plugin asks.</summary>
    private static byte[] Identifying(GatewayUnderTest gateway, string routeMore, int bodyBytes)
    {
        if (routeMore is not (Identified or Signed or Digested))
            return [];
        gateway.Put(ResourceKind.Consumer, "jack", $$"""
            {"username":"jack","plugins":{"key-auth":{"key":"k"},"basic-auth":{"username":"jack","password":"p"},"jwt-auth":{"key":"jack","secret":"{{JwtVectors.Secret}}"},
             "hmac-auth":{"key_id":"k","secret_key":"s"} } }
            """);
        if (routeMore == Identified)
            return Encoding.ASCII.GetBytes($"apikey: k\r\nAuthorization: Basic {Convert.ToBase64String("jack:p"u8)}\r\nX-Token: {JwtVectors.Claims("plain")}\r\n");
        string date = TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        string signature = Convert.ToBase64String(HMACSHA256.HashData("s"u8, Encoding.ASCII.GetBytes($"k\ndate: {date}\n")));
        string digest = routeMore == Digested ? Convert.ToBase64String(SHA256.HashData(Enumerable.Repeat((byte)'1', bodyBytes).ToArray())) : "";
        return Encoding.ASCII.GetBytes($"Date: {date}\r\nDigest: SHA-256={digest}\r\nAuthorization: Signature keyId=\"k\",algorithm=\"hmac-sha256\",headers=\"date\",signature=\"{signature}\"\r\n");
    }

    /// <summary>
    /// The least of a few rounds: the runner shares the process, and what a request allocates is there in every round. What an idle process allocates while they last is no
    /// request's: on a busy machine they last long, so it is measured before a second round and taken off.
    /// </summary>
    private static long Measure(int port, byte[] fields, int bodyBytes, int requests, int warmUp, int bytesEach, byte[] end)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        byte[] buffer = new byte[16_384];
        Run(socket, buffer, fields, bodyBytes, warmUp, end);
        long least = long.MaxValue;
        double idlePerMs = 0;
        for (int round = 0; round < 3 && least >= requests * bytesEach; round++)
        {
            if (round > 0)
                idlePerMs = AllocatedBy(() => socket.Poll(TimeSpan.FromSeconds(3), SelectMode.SelectRead), out long idleMs) / (double)idleMs;
            long allocated = AllocatedBy(() => Run(socket, buffer, fields, bodyBytes, requests, end), out long lastedMs);
            least = Math.Min(least, allocated - (long)(idlePerMs * lastedMs));
        }

        return least;
    }

    private static long AllocatedBy(Action what, out long lastedMs)
    {
        long begin = Environment.TickCount64;
        long before = GC.GetTotalAllocatedBytes(precise: true);
        what();
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        lastedMs = Math.Max(1, Environment.TickCount64 - begin);
        return allocated;
    }

    private static void Run(Socket socket, byte[] buffer, byte[] fields, int bodyBytes, int count, byte[] end)
    {
        for (int i = 0; i < count; i++)
        {
            int length = Write(buffer, i, fields, bodyBytes);
            for (int sent = 0; sent < length;)
                sent += socket.Send(buffer.AsSpan(sent, length - sent));
            int received = 0;
            while (!buffer.AsSpan(0, received).EndsWith(end))
            {
                int got = socket.Receive(buffer.AsSpan(received));
                if (got == 0)
                    throw new EndOfStreamException($"closed at request {i}");
                received += got;
            }

            if (!buffer.AsSpan(0, received).StartsWith("HTTP/1.1 200 "u8))
                throw new InvalidDataException(Encoding.Latin1.GetString(buffer, 0, received));
        }
    }

    /// <summary>A request whose path, query and fields differ from those before it.</summary>
    private static int Write(Span<byte> to, int number, ReadOnlySpan<byte> fields, int bodyBytes)
    {
        int at = 0;
        Append(to, ref at, bodyBytes > 0 ? "POST /shop/"u8 : "GET /shop/"u8);
        Append(to, ref at, number % 100);
        Append(to, ref at, "/items/"u8);
        Append(to, ref at, number);
        Append(to, ref at, number % 3 == 0 ? "%20x?page="u8 : "?page="u8);
        Append(to, ref at, number % 7);
        Append(to, ref at, " HTTP/1.1\r\nHost: h"u8);
        Append(to, ref at, number % 1000);
        Append(to, ref at, ".test:8080\r\nUser-Agent: test\r\nReferer: http://page.test/\r\nX-Forwarded-For: 203.0.113.9, 127.0.0."u8);
        Append(to, ref at, number % 3);
        Append(to, ref at, "\r\n"u8);
        for (int i = 0; i < number % 12; i++)
        {
            Append(to, ref at, "X-Field-"u8);
            Append(to, ref at, i);
            Append(to, ref at, ": value "u8);
            Append(to, ref at, number);
            Append(to, ref at, "\r\n"u8);
        }

        if (bodyBytes > 0)
        {
            Append(to, ref at, "Content-Length: "u8);
            Append(to, ref at, bodyBytes);
            Append(to, ref at, "\r\n"u8);
        }

        Append(to, ref at, fields);
        Append(to, ref at, "\r\n"u8);
        to.Slice(at, bodyBytes).Fill((byte)'1');
        return at + bodyBytes;
    }

    private static void Append(Span<byte> to, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[at..]);
        at += text.Length;
    }

    private static void Append(Span<byte> to, ref int at, int number)
    {
        number.TryFormat(to[at..], out int written, default, CultureInfo.InvariantCulture);
        at += written;
    }

    private static void Answer(Socket socket)
    {
        byte[] buffer = new byte[16_384];
        int held = 0;
        while (socket.Receive(buffer.AsSpan(held)) is var count and > 0)
        {
            held += count;
            int headEnd = buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8);
            if (headEnd < 0)
                continue;
            int needed = headEnd + 4 + ContentLength(buffer.AsSpan(0, headEnd));
            if (held < needed)
                continue;
            held = 0;
            socket.Send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"u8);
        }
    }

    private sealed class Closing(BlockingNode[] nodes) : IDisposable
    {
        public void Dispose() => Array.ForEach(nodes, node => node.Dispose());
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            return 0;
        int length = 0;
        foreach (byte b in head[(at + 16)..])
        {
            if (b is < (byte)'0' or > (byte)'9')
                break;
            length = (length * 10) + b - '0';
        }

        return length;
    }
}
