using Headgate.Core.Routing;
using static Headgate.Core.Tests.Routing.RouteMaking;

namespace Headgate.Core.Tests.Routing;

/// <summary>Random routes and requests over so small an alphabet that they meet.</summary>
internal sealed class RandomRoutes(int seed)
{
    private static readonly string[] Hosts =
        ["a.test", "b.a.test", "c.b.a.test", "ba.test", "A.test", "*.test", "*.a.test", "*.b.a.test", "*a.test", "*", "[::1]"];

    private static readonly string[] HostNames = ["a.test", "b.a.test", "c.b.a.test", "x.c.b.a.test", "ba.test", "test", "other", "", "[::1]"];

    private static readonly string[] Segments = ["a", "b", "ab", "aab", "", "ba"];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "HEAD"];

    private static readonly string[] Addresses = ["192.0.2.1", "192.0.2.200", "10.1.2.3", "10.200.0.1", "2001:db8::1", "2001:db9::1"];

    private static readonly string[] Ranges = ["192.0.2.0/25", "10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "2001:db8::/32", "::/0"];

    private static readonly string[] Names = ["arg_v", "arg_w", "http_x_tenant", "http_y", "cookie_c", "uri", "host", "remote_addr", "request_method", "server_port", "consumer_name"];

    private static readonly string[] Values = ["1", "2", "10", "2.5", "t", "tt", "", "x y"];

    private readonly Random _random = new(seed);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public int Below(int bound) => _random.Next(bound);

    /// <summary>A route; with <paramref name="crowded"/> all are on few paths and differ in variables.</summary>
    public RouteSnapshot Next(string id, bool crowded) => Route(
        id,
        [.. Some(crowded ? 1 : 3, () => crowded ? One(["/a", "/a/*"]) : Uri()).Distinct()],
        Chance(60) ? [.. Some(2, () => crowded ? One(["a.test", "*.test"]) : One(Hosts))] : [],
        Chance(25) ? [.. Some(3, () => One(Methods)).Distinct()] : [],
        Chance(15) ? [.. Some(2, () => One(Ranges)).Distinct()] : [],
        Chance(crowded ? 90 : 30) ? Vars(Group(2)) : null,
        Chance(30) ? _random.Next(-2, 3) : 0,
        enabled: Chance(95));

    public Sample Request(bool crowded) => new(
        crowded ? One(["a.test", "x.test"]) : One(HostNames),
        crowded ? One(["/a", "/a/b"]) : "/" + string.Join('/', Some(4, () => One(Segments))),
        Chance(90) ? One(Methods) : "BREW",
        One(Addresses),
        Enumerable.Range(0, _random.Next(4)).Select(_ => Names[_random.Next(5)]).Distinct().ToDictionary(
            name => name,
            name => name.StartsWith("arg_", StringComparison.Ordinal) ? One(Values).Replace(" ", "", StringComparison.Ordinal) : One(Values).Trim()));

    private string Uri()
    {
        string path = "/" + string.Join('/', Some(4, () => One(Segments)));
        return _random.Next(10) switch
        {
            < 4 => path,
            < 7 => path.TrimEnd('/') + "/*",
            7 => path + "*",
            8 => $"{path.TrimEnd('/')}/*/{One(Segments)}",
            _ => $"{path.TrimEnd('/')}/*/{One(Segments)}/*{One(["", "x/b", "/a"])}",
        };
    }

    private string Group(int depth)
    {
        string terms = string.Join(",", Some(3, () => depth > 0 && Chance(25) ? Group(depth - 1) : Comparison()));
        int count = System.Text.Json.JsonDocument.Parse($"[{terms}]").RootElement.GetArrayLength();
        return Chance(75) || count < 2 ? $"[{terms}]" : $"[\"{One(["AND", "OR", "!AND", "!OR"])}\",{terms}]";
    }

    private string Comparison()
    {
        string name = One(Names);
        if (Chance(60))
            return $"[\"{(Chance(80) ? Names[_random.Next(3)] : name)}\",\"==\",\"{One(Values)}\"]";
        string not = Chance(25) ? "\"!\"," : "";
        return _random.Next(8) switch
        {
            0 => $"[\"{name}\",{not}\"~=\",{One(["\"t\"", "2", "null", "true"])}]",
            1 => $"[\"{name}\",{not}\"{One([">", ">=", "<", "<="])}\",{One(["2", "2.5", "\"10\"", "-1"])}]",
            2 => $"[\"{name}\",{not}\"~~\",\"{One(["^t+$", "[0-9]", "a.*b", "(t)\\\\1"])}\"]",
            3 => $"[\"{name}\",{not}\"~*\",\"{One(["^T+$", "GET|PUT"])}\"]",
            4 => $"[\"{name}\",{not}\"in\",[{One(["\"t\",\"tt\"", "\"1\",2", ""])}]]",
            5 => $"[\"remote_addr\",{not}\"ipmatch\",[\"{One(Ranges)}\",\"{One(Ranges)}\"]]",
            6 => $"[\"{name}\",{not}\"has\",\"t\"]",
            _ => $"[\"{name}\",{not}\"==\",{One(["2", "10", "null", "\"tt\"", "false"])}]",
        };
    }

    private string One(string[] choices) => choices[_random.Next(choices.Length)];

    private string[] Some(int max, Func<string> next) => [.. Enumerable.Range(0, 1 + _random.Next(max)).Select(_ => next())];
}
