namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>proxy-rewrite</c> through the whole gateway.</summary>
public sealed class ProxyRewriteTests
{
    [Theory]
    [InlineData(1, """{"uri":"/new"}""", "/a?x=1", "/new?x=1")]
    [InlineData(2, """{"uri":"/new"}""", "/a?x=1", "/new?x=1")]
    [InlineData(1, """{"uri":"/new?y=2"}""", "/a?x=1", "/new?y=2&x=1")]
    [InlineData(1, """{"uri":"/new?y=2"}""", "/a", "/new?y=2")]
    [InlineData(2, """{"uri":"/h/$arg_x/${http_x_user}/${arg_none ?? none}$arg_none"}""", "/a?x=1", "/h/1/me/none?x=1")]
    [InlineData(1, """{"uri":"/n$uri"}""", "/a%2Fb//c/../d", "/n/a/b/d")]
    [InlineData(1, """{"regex_uri":["^/test/(.*)/(.*)$","/$2_${1}"]}""", "/test/a/b?x=1", "/b_a?x=1")]
    [InlineData(2, """{"regex_uri":["^/test/(.*)","/$1"]}""", "/test/a/b?x=1", "/a/b?x=1")]
    [InlineData(1, """{"regex_uri":["^/none/(.*)","/1/$1","^/test/(.*)","/2/$1","^/","/3"]}""", "/test/a", "/2/a")]
    [InlineData(1, """{"regex_uri":["^/none","/1"]}""", "/test/%2F?x=1", "/test/%2F?x=1")]
    [InlineData(1, """{"regex_uri":["^/test/(.*)","/n?p=$1"]}""", "/test/a?x=1", "/n?p=a&x=1")]
    [InlineData(1, """{"regex_uri":["^/test/(.*)","$1"]}""", "/test/a", "/a")]
    [InlineData(1, """{"regex_uri":["es","<>"]}""", "/test/a", "/t%3C%3Et/a")]
    [InlineData(1, """{"uri":"/new","regex_uri":["^/","/no"]}""", "/a", "/new")]
    [InlineData(1, """{"use_real_request_uri_unsafe":true}""", "/a%2Fb//c?x=%2B", "/a%2Fb//c?x=%2B")]
    [InlineData(2, """{"use_real_request_uri_unsafe":true,"uri":"/new$request_uri"}""", "/a%2Fb?x=1", "/new/a%2Fb?x=1&x=1")]
    [InlineData(1, """{"use_real_request_uri_unsafe":true,"regex_uri":["^/a(.*)","/new$1"]}""", "/a%2Fb?x=1", "/new%2Fb?x=1")]
    public async Task Target_IsChanged(int version, string config, string path, string target)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"proxy-rewrite":{{config}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, path, ("X-User", "me"));
        (answer.Status, answer.SeenLine).ShouldBe((200, $"GET {target} HTTP/1.1"));
    }

    // Whatever the decoded path brings, it ends neither the request line nor the path.
    [Theory]
    [InlineData(1, """{"uri":"/n$uri"}""")]
    [InlineData(2, """{"uri":"/n$uri"}""")]
    [InlineData(1, """{"regex_uri":["^/(.*)","/n/$1"]}""")]
    [InlineData(2, """{"regex_uri":["^/((?s).*)","/n/$1"]}""")]
    [InlineData(1, """{"regex_uri":["^/","/n/"]}""")]
    public async Task Path_WithLineEndsAndSeparators_StaysOnePath(int version, string config)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"proxy-rewrite":{{config}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/a%20HTTP%2F1.1%0D%0AX-Evil:%20b%3Fc%23d%25e%C3%A9?q=1");
        answer.SeenLine.ShouldBe("GET /n/a%20HTTP/1.1%0D%0AX-Evil:%20b%3Fc%23d%25e%C3%A9?q=1 HTTP/1.1");
        answer.Seen("X-Evil").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"uri":"/n?p=$arg_p"}""", "GET /n?p=a%0D%0AX-Evil:%20b&p=a%0d%0aX-Evil:%20b HTTP/1.1")]
    [InlineData("""{"uri":"/n?p=$arg_p","use_real_request_uri_unsafe":true}""", "GET /n?p=a%0D%0AX-Evil:%20b&p=a%0d%0aX-Evil:%20b HTTP/1.1")]
    public async Task Argument_WithLineEnds_StaysInTheLine(string config, string line)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"proxy-rewrite":{{config}}}""");
        string answer = await gateway.Gateway.SendRawAsync("GET /a?p=a%0d%0aX-Evil:%20b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        answer.ShouldContain($"\r\n\r\n{line}\r\n");
        answer.ShouldNotContain("\r\nX-Evil");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Headers_AreAddedSetAndRemoved(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """
            {"proxy-rewrite":{"regex_uri":["^/(.*)/(.*)$","/$1"],"headers":{
              "add":{"X-A":["two",3],"X-Group":"$2-${1}$3"},
              "set":{"X-B":"$arg_x$remote_addr","X-C":["c1","c2"],"X-Line":"$arg_line","X-Price":"\\$5"},
              "remove":["X-D"]}}}
            """);
        PluginAnswer answer = await gateway.GetAsync(version, "/p/q?x=1&line=a%0D%0AX-Evil:%20b", ("X-A", "one"), ("X-B", "old"), ("X-C", "old"), ("X-D", "old"));
        answer.Seen("X-A").ShouldBe(["one", "two", "3"], ignoreOrder: true);
        answer.Seen("X-Group").ShouldBe(["q-p"]);
        answer.Seen("X-B").ShouldBe(["1127.0.0.1"]);
        answer.Seen("X-C").ShouldBe(["c1", "c2"]);
        answer.Seen("X-D").ShouldBeEmpty();
        answer.Seen("X-Line").ShouldBe(["a%0D%0AX-Evil: b"]);
        answer.Seen("X-Price").ShouldBe(["\\$5"]);
        answer.Seen("X-Evil").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Headers_OldForm_AreSet(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"proxy-rewrite":{"headers":{"X-A":"1","set":"yes","X-B":2}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("X-A", "old"));
        answer.Seen("X-A").ShouldBe(["1"]);
        answer.Seen("X-B").ShouldBe(["2"]);
        answer.Seen("set").ShouldBe(["yes"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task HostAndMethod_AreChanged(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"proxy-rewrite":{"host":"else.test:81","method":"POST"}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/a");
        answer.SeenLine.ShouldBe("POST /a HTTP/1.1");
        answer.Seen("Host").ShouldBe(["else.test:81"]);
        var head = new HttpRequestMessage(HttpMethod.Head, $"http://127.0.0.1:{gateway.Gateway.Port}/a");
        (await gateway.SendAsync(version, head)).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "/a")).Status.ShouldBe(200);
    }

    // What may be repeated is decided by what the node gets.
    [Fact]
    public async Task Method_OfOneThatIsNotRepeated_IsNotRepeated()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"proxy-rewrite":{"method":"POST"}}""", "503 No\r\n");
        gateway.Gateway.PutUpstream("u", [gateway.NodePort], ""","retries":2,"retry_on":["5xx"]""");
        (await gateway.GetAsync(1, "/a")).Status.ShouldBe(503);
        int once = gateway.Requests;
        gateway.Put("""{"proxy-rewrite":{"method":"PUT"}}""");
        (await gateway.GetAsync(1, "/a")).Status.ShouldBe(503);
        (once, gateway.Requests - once > 1).ShouldBe((1, true));
    }

    [Fact]
    public async Task HostilePath_IsRefusedWhenNobodyKnows()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"proxy-rewrite":{"regex_uri":["^/(?=a)(a+)+$","/b"]}}""");
        (await gateway.GetAsync(1, "/" + new string('a', 200) + "!")).Status.ShouldBe(500);
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("{}", "expect object to have at least 1 properties")]
    [InlineData("""{"uri":"new"}""", "property \"uri\" validation failed: failed to match pattern \"^\\\\/.*\" with \"new\"")]
    [InlineData("""{"host":"a b"}""", "property \"host\" validation failed: failed to match pattern")]
    [InlineData("""{"method":"HEAD"}""", "property \"method\" validation failed: matches none of the enum values (given \"HEAD\"; allowed: GET, ")]
    [InlineData("""{"regex_uri":["/a"]}""", "property \"regex_uri\" validation failed: expect array to have at least 2 items")]
    [InlineData("""{"regex_uri":["/a","/b","/c"]}""", "The length of regex_uri should be an even number")]
    [InlineData("""{"regex_uri":["(","/b"]}""", "invalid regex_uri((, /b): ")]
    [InlineData("""{"regex_uri":["/a","/$host"]}""", "invalid regex_uri(/a, /$host): the dollar at offset 1 names no capture")]
    [InlineData("""{"headers":{}}""", "property \"headers\" validation failed: object matches none of the required")]
    [InlineData("""{"headers":{"set":{}}}""", "property \"set\" validation failed: expect object to have at least 1 properties")]
    [InlineData("""{"headers":{"set":{"X-A":{}}}}""", "wrong type: expected string or number, got table")]
    [InlineData("""{"headers":{"set":{"X A":"1"}}}""", "plugins.proxy-rewrite.headers.set[\"X A\"]: invalid field character in header")]
    [InlineData("""{"headers":{"set":{"X-A":"a\nb"}}}""", "plugins.proxy-rewrite.headers.set[\"X-A\"]: the value has a control character")]
    [InlineData("""{"headers":{"X-Forwarded-For":"1"}}""", "X-Forwarded-For is written by the gateway itself")]
    [InlineData("""{"headers":{"remove":["Host"]}}""", "Host is written by the gateway itself")]
    [InlineData("""{"headers":{"set":{"X-A":"1"},"sett":{}}}""", "additional properties forbidden, found sett (did you mean set?)")]
    [InlineData("""{"url":"/a"}""", "additional properties forbidden, found url (did you mean uri?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("proxy-rewrite", config, text);
}
