namespace Headgate.Core.Tests.Snapshot;

public sealed class UnsupportedVariablesTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Apply_RouteBringsThem_NamedOnce()
    {
        _gateway.Put(("routes/1", Route("consumer_name")), ("routes/2", Route("arg_a")), ("routes/3", Route("graphql_name")));
        Named().ShouldBe(["routes/1: consumer_name", "routes/3: graphql_name"]);

        _gateway.Put("routes/1", Route("consumer_name", ",\"priority\":7"));
        Named().ShouldBeEmpty("the route has changed, its variables have not");

        _gateway.Put("upstreams/u", Gateway.NodesJson("10.0.0.1:80"));
        Named().ShouldBeEmpty();
    }

    [Fact]
    public void Apply_RouteBringsOthers_OrIsMadeAnew_NamedAgain()
    {
        _gateway.Put("routes/1", Route("consumer_name"));
        _gateway.Put("routes/1", Route("post_arg_a"));
        Named().ShouldBe(["routes/1: post_arg_a"]);

        _gateway.Put("routes/1", null);
        Named().ShouldBeEmpty();

        _gateway.Put("routes/1", Route("post_arg_a"));
        Named().ShouldBe(["routes/1: post_arg_a"]);
    }

    [Fact]
    public void Apply_RouteIsRefused_NothingIsNamed()
    {
        _gateway.Put("routes/1", """{"vars":[["consumer_name","==","a"]]}""");

        Named().ShouldBeEmpty();
        _gateway.Compiler.Rejected.Count.ShouldBe(1);
    }

    private static string Route(string variable, string more = "") => $"{{\"uri\":\"/a\",\"upstream_id\":\"u\",\"vars\":[[\"{variable}\",\"==\",\"a\"]]{more}}}";

    private IEnumerable<string> Named() => _gateway.Compiler.UnsupportedVariables.Select(route => $"{route.Key}: {string.Join(", ", route.Names)}");
}
