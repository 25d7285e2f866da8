using System.Globalization;
using System.Net;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>
/// Random configurations that must all work: the node that never dies is in each, and a request may try three times, so that a node's death alone never uses up the tries.
/// Connections to nodes stay idle for some seconds at most, so that after the soak all of them go.
/// </summary>
internal sealed class SoakUpstreams(int steady, IReadOnlyList<int> mortals)
{
    public static string Timeouts(Random random) => $"{{\"connect\":{random.Next(20, 40)},\"send\":{random.Next(30, 60)},\"read\":{random.Next(30, 60)}}}";

    public static string GetRoute(string more = "") => $"{{\"uri\":\"/get/*\",\"upstream_id\":\"1\"{more}}}";

    public static string WebSocketRoute(string upstream) => $"{{\"uri\":\"/ws/*\",\"enable_websocket\":true,\"upstream\":{upstream}}}";

    /// <summary>Writes what the flows need; returns the number of writes.</summary>
    public async Task<int> CreateAsync(HttpClient admin, Random random)
    {
        (string Path, string Body)[] objects =
        [
            ("upstreams/1", Any(random)), ("upstreams/2", Any(random)), ("services/1", "{\"upstream_id\":\"2\"}"), ("routes/get", GetRoute()),
            ("routes/echo", "{\"uri\":\"/echo/*\",\"service_id\":\"1\"}"), ("routes/ws", WebSocketRoute(Any(random))),
        ];
        foreach ((string path, string body) in objects)
            (await AdminLoad.PutAsync(admin, path, body)).ShouldBe(HttpStatusCode.Created, path);
        return objects.Length;
    }

    /// <summary>An upstream of any balancing type, with any of its settings.</summary>
    public string Any(Random random)
    {
        string type = random.Next(4) switch
        {
            0 => "\"type\":\"chash\",\"hash_on\":\"vars\",\"key\":\"uri\",",
            1 => "\"type\":\"least_conn\",",
            2 => "\"type\":\"roundrobin\",",
            _ => "",
        };
        string pool = $"\"keepalive_pool\":{{\"size\":{random.Next(1, 100)},\"idle_timeout\":{random.Next(1, 4)},\"requests\":{random.Next(1, 3) * random.Next(1, 2000)}}},";
        string retries = random.Next(2) == 0 ? $"\"retries\":{random.Next(2, 6)}," : "";
        string timeouts = random.Next(2) == 0 ? $"\"timeout\":{Timeouts(random)}," : "";
        string host = random.Next(3) switch { 0 => "\"pass_host\":\"node\",", 1 => "\"pass_host\":\"rewrite\",\"upstream_host\":\"in.soak.test\",", _ => "" };
        return $"{{{type}{pool}{retries}{timeouts}{host}\"nodes\":{Nodes(random)}}}";
    }

    /// <summary>The node that never dies and at least two others, with random weights and priorities, some by name; as a list or as a mapping.</summary>
    public string Nodes(Random random)
    {
        (string Host, int Port, int Weight, int Priority)[] nodes =
        [
            ("127.0.0.1", steady, random.Next(1, 5), random.Next(2)),
            .. mortals.OrderBy(_ => random.Next()).Take(random.Next(2, mortals.Count + 1))
                .Select(port => (random.Next(5) == 0 ? "localhost" : "127.0.0.1", port, random.Next(0, 10), random.Next(2))),
        ];
        return random.Next(2) == 0
            ? $"[{string.Join(',', nodes.Select(n => string.Create(CultureInfo.InvariantCulture, $"{{\"host\":\"{n.Host}\",\"port\":{n.Port},\"weight\":{n.Weight},\"priority\":{n.Priority}}}")))}]"
            : $"{{{string.Join(',', nodes.Select(n => string.Create(CultureInfo.InvariantCulture, $"\"{n.Host}:{n.Port}\":{n.Weight}")))}}}";
    }
}
