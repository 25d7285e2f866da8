using Headgate.Core.Routing;
using Headgate.Testing;
using static Headgate.Core.Tests.Routing.RouteMaking;

namespace Headgate.Core.Tests.Routing;

/// <summary>Route sets of any size of a mixed kind, and requests for them.</summary>
internal static class MixedRoutes
{
    /// <summary>Kind of the route at an index: exact, wildcard host, nested prefix, one path with variables, in turn.</summary>
    public static RouteSnapshot At(int i) => (i % 4) switch
    {
        0 => Route($"{i}", $"/service/{i}/items", $"h{i % 100}.example.test"),
        1 => Route($"{i}", "/api/*", $"*.team{i}.example.test"),
        2 => Route($"{i}", $"/n{i % 50}/{string.Concat(Enumerable.Repeat("x/", i % 7))}{i}/*"),
        _ => Route(
            $"{i}",
            ["/tenants/*"],
            ["shared.test"],
            i % 8 == 3 ? ["GET", "POST"] : [],
            vars: Vars($"[[\"arg_v\",\"==\",\"1\"],[\"http_x_tenant\",\"==\",\"t{i}\"],[\"uri\",\"~~\",\"^/tenants/[a-z]+$\"]]")),
    };

    public static RouteTable Table(int count) => RouteTable.Create(Enumerable.Range(0, count).Select(At));

    /// <summary>A request that the route at an index answers.</summary>
    public static TestRequest RequestFor(int i) => (i % 4) switch
    {
        0 => new TestRequest($"h{i % 100}.example.test", $"/service/{i}/items"),
        1 => new TestRequest($"a.b.team{i}.example.test", "/api/v1/things"),
        2 => new TestRequest("h7.example.test", $"/n{i % 50}/{string.Concat(Enumerable.Repeat("x/", i % 7))}{i}/tail"),
        _ => new TestRequest("shared.test", "/tenants/abc", "q=a%20b&v=1").With("x-tenant", $"t{i}"),
    };
}
