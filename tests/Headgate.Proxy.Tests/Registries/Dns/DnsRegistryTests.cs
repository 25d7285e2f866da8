using System.Net;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Registries.Dns;

/// <summary>The registry over a name server that does what a test says.</summary>
public sealed class DnsRegistryTests
{
    private const int A = 1;
    private const int Cname = 5;
    private const int Aaaa = 28;
    private const int Srv = 33;

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("shop.test", "192.0.2.1:? w1 p0, 192.0.2.2:? w1 p0")]
    [InlineData("shop.test:8080", "192.0.2.1:8080 w1 p0, 192.0.2.2:8080 w1 p0")]
    [InlineData("Shop.test.:8080", "192.0.2.1:8080 w1 p0, 192.0.2.2:8080 w1 p0")]
    public async Task Follow_Addresses_EachWeighsOne(string service, string expected)
    {
        await using ScriptedNameServer server = Answering((A, [WireRecord.Address("shop.test", "192.0.2.2"), WireRecord.Address("shop.test", "192.0.2.1")]));

        (await FirstAsync(server, service)).ShouldBe(expected);
        server.Questions.Select(q => q.Type).ShouldBe([Srv, A]);
    }

    [Fact]
    public async Task Follow_OnlyIpv6_InBrackets()
    {
        await using ScriptedNameServer server = Answering((Aaaa, [WireRecord.Address("shop.test", "2001:db8::1")]));

        (await FirstAsync(server, "shop.test:80")).ShouldBe("[2001:db8::1]:80 w1 p0");
    }

    [Fact]
    public async Task Follow_Srv_PortsWeightsAndPriorities()
    {
        await using ScriptedNameServer server = ServiceServer(
            WireRecord.Service("shop.test", 1, 60, 8001, "one.test"), WireRecord.Service("shop.test", 1, 20, 8002, "two.test"), WireRecord.Service("shop.test", 5, 0, 8003, "one.test"));

        (await FirstAsync(server, "shop.test")).ShouldBe("10.0.1.1:8001 w120 p-1, 10.0.1.1:8003 w2 p-5, 10.0.2.1:8002 w20 p-1, 10.0.2.2:8002 w20 p-1");
    }

    [Fact]
    public async Task Follow_SrvAndAPort_ThePortGivenCounts()
    {
        await using ScriptedNameServer server = ServiceServer(WireRecord.Service("shop.test", 0, 1, 8001, "one.test"));

        (await FirstAsync(server, "shop.test:9000")).ShouldBe("10.0.1.1:9000 w1 p0");
    }

    [Fact]
    public async Task Follow_SrvWithPortZero_IsTheSchemesPort()
    {
        await using ScriptedNameServer server = ServiceServer(WireRecord.Service("shop.test", 0, 1, 0, "one.test"));

        (await FirstAsync(server, "shop.test")).ShouldBe("10.0.1.1:? w1 p0");
    }

    [Fact]
    public async Task Follow_SrvWhoseTargetIsTheRoot_NoInstance()
    {
        await using ScriptedNameServer server = ServiceServer(WireRecord.Service("shop.test", 0, 0, 0, ""));

        ServiceAnswer answer = await AnswerAsync(server, "shop.test");

        (answer.Instances.Count, answer.Problems.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Follow_SrvOneTargetWithoutAddress_OthersCountAndItIsNamed()
    {
        await using ScriptedNameServer server = ServiceServer(WireRecord.Service("shop.test", 0, 1, 8001, "gone.test"), WireRecord.Service("shop.test", 0, 7, 8002, "one.test"));

        ServiceAnswer answer = await AnswerAsync(server, "shop.test");

        Text(answer).ShouldBe("10.0.1.1:8002 w7 p0");
        answer.Problems.ShouldBe(["SRV gone.test, port 8001: the target has no address"]);
    }

    [Fact]
    public async Task Follow_SrvAllTargetsWithoutAddress_IsAnErrorOfTheService()
    {
        await using ScriptedNameServer server = ServiceServer(WireRecord.Service("shop.test", 0, 1, 8001, "gone.test"));

        RegistryException error = await Should.ThrowAsync<RegistryException>(() => AnswerAsync(server, "shop.test"));

        (error.Message, error.IsOfServiceOnly).ShouldBe(("SRV gone.test, port 8001: the target has no address", true));
    }

    [Fact]
    public async Task Follow_SrvWeightsThatWouldNotFit_KeepTheirShares()
    {
        // 2 · 3 · 5 · 7 · 11 · 13 · 17 addresses: the least common multiple is 510,510, times 65,535 more than a weight may be.
        int[] counts = [2, 3, 5, 7, 11, 13, 17];
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Type switch
        {
            Srv => q.Answer([.. counts.Select(count => WireRecord.Service("shop.test", 0, 65535, 80, $"t{count}.test"))]),
            A => q.Answer([.. Enumerable.Range(1, int.Parse(q.Name[1..^5])).Select(i => WireRecord.Address(q.Name, $"10.{q.Name[1..^5]}.0.{i}"))]),
            _ => q.Refusal(0),
        });

        ServiceAnswer answer = await AnswerAsync(server, "shop.test");

        double sum = answer.Instances.Items.Sum(one => (double)one.Weight);
        sum.ShouldBeLessThanOrEqualTo(int.MaxValue);
        foreach (int count in counts)
        {
            double share = answer.Instances.Items.Where(one => one.Host.StartsWith($"10.{count}.", StringComparison.Ordinal)).Sum(one => (double)one.Weight) / sum;
            share.ShouldBe(1.0 / counts.Length, 1e-6);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Follow_NothingThere_AnEmptyAnswer(int code)
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Refusal(code));

        (await FirstAsync(server, "shop.test")).ShouldBe("");
        server.Questions.Select(q => q.Type).ShouldBe([Srv, A, Aaaa, Cname]);
    }

    [Fact]
    public async Task Follow_SrvFails_IsAnErrorAndAddressesAreNotTakenInstead()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Type == Srv ? q.Refusal(2) : q.Answer(WireRecord.Address("shop.test", "192.0.2.1")));

        RegistryException error = await Should.ThrowAsync<RegistryException>(() => AnswerAsync(server, "shop.test"));

        (error.Message, error.IsOfServiceOnly).ShouldBe(($"shop.test SRV: name server {server.EndPoint}: ServerFailure", true));
        server.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Follow_NobodyListens_IsAnErrorOfTheRegistry()
    {
        int port;
        await using (ScriptedNameServer gone = Answering())
            port = gone.EndPoint.Port;

        RegistryException error = await Should.ThrowAsync<RegistryException>(() => AnswerAsync(new DnsConfig { Servers = [new IPEndPoint(IPAddress.Loopback, port)] }, "shop.test"));

        error.Message.ShouldContain($"name server 127.0.0.1:{port}: Connection refused");
        error.IsOfServiceOnly.ShouldBeFalse();
    }

    [Fact]
    public async Task Follow_CnameStep_GoesOnUnderTheOtherName()
    {
        // A server that gives an alias only to who asks for it.
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => (q.Name, q.Type) switch
        {
            ("shop.test", Cname) => q.Answer(WireRecord.Alias("shop.test", "real.test")),
            ("real.test", A) => q.Answer(WireRecord.Address("real.test", "192.0.2.7")),
            _ => q.Refusal(0),
        });

        (await FirstAsync(server, "shop.test:80")).ShouldBe("192.0.2.7:80 w1 p0");
    }

    [Fact]
    public async Task Follow_CnameStepsInALoop_IsAnError()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(
            q => q.Type == Cname ? q.Answer(WireRecord.Alias(q.Name, q.Name == "shop.test" ? "real.test" : "shop.test")) : q.Refusal(0));

        (await Should.ThrowAsync<RegistryException>(() => AnswerAsync(server, "shop.test"))).Message.ShouldContain("more than 8 aliases, or a loop of them");
    }

    [Theory]
    [InlineData("last SRV A", "33 1 1")]
    [InlineData("SRV A", "33 1 33 1")]
    [InlineData("A SRV last", "1 1")]
    public async Task Follow_Order_LastTypeFirstWhereItSaysSo(string order, string expectedQuestions)
    {
        await using ScriptedNameServer server = Answering((A, [WireRecord.Address("shop.test", "192.0.2.1", 1)]));
        DnsStep[] steps = [.. order.Split(' ').Select(step => Enum.Parse<DnsStep>(step, ignoreCase: true))];
        await using IRegistryClient client = Make(new DnsConfig { Servers = [server.EndPoint], Order = [.. steps] });
        await using IAsyncEnumerator<ServiceAnswer> answers = client.FollowAsync(Key("shop.test"), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        (await answers.MoveNextAsync()).ShouldBeTrue();
        await NextAsync(answers);

        string.Join(' ', server.Questions.Select(q => q.Type)).ShouldBe(expectedQuestions);
    }

    [Fact]
    public async Task Follow_RecordsChange_ANewAnswerWhenTheTimeIsOver()
    {
        int asked = 0;
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Type != A ? q.Refusal(0, WireRecord.Zone("test", 30, 30)) : q.Answer(WireRecord.Address("shop.test", $"192.0.2.{++asked}", 10)));
        await using IRegistryClient client = Make(new DnsConfig { Servers = [server.EndPoint], Order = [DnsStep.A] });
        await using IAsyncEnumerator<ServiceAnswer> answers = client.FollowAsync(Key("shop.test"), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await answers.MoveNextAsync();
        Text(answers.Current).ShouldBe("192.0.2.1:? w1 p0");

        ValueTask<bool> next = answers.MoveNextAsync();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        asked.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await next;

        Text(answers.Current).ShouldBe("192.0.2.2:? w1 p0");
    }

    [Theory]
    [InlineData("192.0.2.1:80", "192.0.2.1:80 w1 p0")]
    [InlineData("[::1]:80", "[::1]:80 w1 p0")]
    [InlineData("::1", "[::1]:? w1 p0")]
    public async Task Follow_Address_IsItselfAndNobodyIsAsked(string service, string expected)
    {
        await using ScriptedNameServer server = Answering();

        (await FirstAsync(server, service)).ShouldBe(expected);
        server.Questions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("shop.test:0")]
    [InlineData("shop.test:x")]
    [InlineData("shop..test")]
    public async Task Follow_NoName_IsAnError(string service)
    {
        await using ScriptedNameServer server = Answering();

        (await Should.ThrowAsync<RegistryException>(() => AnswerAsync(server, service))).Message.ShouldContain(service);
    }

    [Fact]
    public async Task Test_AnyAnswer_IsEnough()
    {
        await using ScriptedNameServer refusing = ScriptedNameServer.StartAnswering(q => q.Refusal(5));
        await using IRegistryClient client = Make(new DnsConfig { Servers = [refusing.EndPoint] });

        await client.TestAsync(CancellationToken.None);

        int port;
        await using (ScriptedNameServer gone = Answering())
            port = gone.EndPoint.Port;
        await using IRegistryClient lost = Make(new DnsConfig { Servers = [new IPEndPoint(IPAddress.Loopback, port)] });
        (await Should.ThrowAsync<RegistryException>(() => lost.TestAsync(CancellationToken.None))).Message.ShouldBe($"name server 127.0.0.1:{port}: Connection refused");
        (await Should.ThrowAsync<RegistryException>(() => client.ListServicesAsync(10, CancellationToken.None))).Message.ShouldBe("DNS has no list of services; any name may be one");
    }

    private async Task NextAsync(IAsyncEnumerator<ServiceAnswer> answers)
    {
        ValueTask<bool> next = answers.MoveNextAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await next).ShouldBeTrue();
    }

    /// <summary>Has records of these types under any name, and nothing else.</summary>
    private static ScriptedNameServer Answering(params (int Type, WireRecord[] Records)[] known) => ScriptedNameServer.StartAnswering(
        q => Array.Find(known, one => one.Type == q.Type) is { Records: { } records } ? q.Answer(records) : q.Refusal(0));

    /// <summary>Has a service with these records; <c>one.test</c> has one address, <c>two.test</c> two.</summary>
    private static ScriptedNameServer ServiceServer(params WireRecord[] records) => ScriptedNameServer.StartAnswering(q => (q.Name, q.Type) switch
    {
        (_, Srv) => q.Answer(records),
        ("one.test", A) => q.Answer(WireRecord.Address("one.test", "10.0.1.1")),
        ("two.test", A) => q.Answer(WireRecord.Address("two.test", "10.0.2.1"), WireRecord.Address("two.test", "10.0.2.2")),
        _ => q.Refusal(3),
    });

    private static ServiceKey Key(string name) => new("dns", null, name, DiscoveryArguments.None);

    private static string Text(ServiceAnswer answer) =>
        string.Join(", ", answer.Instances.Items.Select(one => $"{one.Host}:{one.Port?.ToString() ?? "?"} w{one.Weight} p{one.Priority}"));

    private IRegistryClient Make(DnsConfig config) => RegistryClients.Make(config, new RegistryServices(_time, NullLoggerFactory.Instance, 1));

    private Task<ServiceAnswer> AnswerAsync(ScriptedNameServer server, string service) => AnswerAsync(new DnsConfig { Servers = [server.EndPoint] }, service);

    private async Task<ServiceAnswer> AnswerAsync(DnsConfig config, string service)
    {
        await using IRegistryClient client = Make(config);
        await using IAsyncEnumerator<ServiceAnswer> answers = client.FollowAsync(Key(service), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await answers.MoveNextAsync();
        return answers.Current;
    }

    private async Task<string> FirstAsync(ScriptedNameServer server, string service) => Text(await AnswerAsync(server, service));
}
