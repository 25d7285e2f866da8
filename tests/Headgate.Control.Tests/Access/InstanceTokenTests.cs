using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;

namespace Headgate.Control.Tests.Access;

/// <summary>What lets instances of a gateway group report to a control plane.</summary>
public sealed class InstanceTokenTests : AccessTest
{
    private const string Tokens = "/api/gateway_groups/default/instance_tokens";

    private InstanceTokens Found => new(Server.Store, Server.Clock);

    [Fact]
    public async Task Token_IsShownOnce_AndFound_UntilItIsDeleted()
    {
        AdminAnswer made = (await Admin.Post(Tokens, """{"name":"rack 7"}""")).ShouldBe(201);
        made.Header("Cache-Control").ShouldBe("no-store");
        string token = made.Value.GetProperty("token").GetString()!;
        string id = made.Value.GetProperty("id").GetString()!;
        token.ShouldStartWith($"hgi_{id}_");
        token.Split('_')[2].Length.ShouldBe(64);

        (await FindAsync(token)).ShouldNotBeNull().Group.ShouldBe("default");
        (await FindAsync(token[..^1] + (token[^1] == '0' ? '1' : '0'))).ShouldBeNull();
        (await FindAsync(token + "0")).ShouldBeNull();
        (await FindAsync(token.Replace("hgi_", "hgt_", StringComparison.Ordinal))).ShouldBeNull();
        (await FindAsync("hgi_000000000000_" + token.Split('_')[2])).ShouldBeNull();
        (await FindAsync("")).ShouldBeNull();

        AdminAnswer list = (await Admin.Get(Tokens)).ShouldBe(200);
        list.Json.GetProperty("list").GetRawText().ShouldBe($$"""[{"id":"{{id}}","name":"rack 7","gateway_group_id":"default","create_time":{{Server.Clock.UnixSeconds}}}]""");
        StoreEntry stored = (await Server.Store.FindAsync(AccessKeys.InstanceToken(id), TestContext.Current.CancellationToken)).ShouldNotBeNull();
        System.Text.Encoding.UTF8.GetString(stored.Value.Span).ShouldNotContain(token.Split('_')[2]);

        (await Admin.Delete($"{Tokens}/{id}")).ShouldBe(200);
        (await Admin.Delete($"{Tokens}/{id}")).ShouldBe(404);
        (await FindAsync(token)).ShouldBeNull();
    }

    [Fact]
    public async Task Token_WithDays_Expires()
    {
        AdminAnswer made = (await Admin.Post(Tokens, """{"name":"trial","days":1}""")).ShouldBe(201);
        made.Value.GetProperty("expire_time").GetInt64().ShouldBe(Server.Clock.UnixSeconds + 86_400);
        Server.Clock.UnixSeconds += 86_399;
        (await FindAsync(made.Value.GetProperty("token").GetString()!)).ShouldNotBeNull();
        Server.Clock.UnixSeconds++;
        (await FindAsync(made.Value.GetProperty("token").GetString()!)).ShouldBeNull();
    }

    [Fact]
    public async Task Token_IsItsGroups_AndGoesWithIt()
    {
        await Admin.Put("/api/gateway_groups/blue", """{"name":"Blue"}""");
        AdminAnswer made = (await Admin.Post("/api/gateway_groups/blue/instance_tokens", """{"name":"a"}""")).ShouldBe(201);
        string token = made.Value.GetProperty("token").GetString()!;
        string id = made.Value.GetProperty("id").GetString()!;
        string kept = (await Admin.Post(Tokens, """{"name":"b"}""")).ShouldBe(201).Value.GetProperty("token").GetString()!;
        (await FindAsync(token)).ShouldNotBeNull().Group.ShouldBe("blue");
        (await Admin.Get(Tokens)).Json.GetProperty("total").GetInt32().ShouldBe(1);
        (await Admin.Delete($"{Tokens}/{id}")).ShouldBe(404); // another group's
        (await Admin.Post("/api/gateway_groups/none/instance_tokens", """{"name":"a"}""")).ShouldBe(404);

        (await Admin.Delete("/api/gateway_groups/blue")).ShouldBe(200);
        (await FindAsync(token)).ShouldBeNull();
        (await Server.Store.FindAsync(AccessKeys.InstanceToken(id), TestContext.Current.CancellationToken)).ShouldBeNull();
        (await FindAsync(kept)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Token_OfAGroupThatIsGone_IsGoodForNothing()
    {
        await Admin.Put("/api/gateway_groups/blue", """{"name":"Blue"}""");
        string token = (await Admin.Post("/api/gateway_groups/blue/instance_tokens", """{"name":"a"}""")).ShouldBe(201).Value.GetProperty("token").GetString()!;

        // A deletion of the group that a crash has broken off.
        var commit = new Commit { Operations = [new Operation.Delete("/headgate/gateway_groups/blue")], Origin = new Origin("test", "local", "a crash") };
        (await Server.Store.CommitAsync(commit, TestContext.Current.CancellationToken)).Applied.ShouldBeTrue();
        (await FindAsync(token)).ShouldBeNull();
        (await Admin.Put("/api/gateway_groups/blue", """{"name":"Another"}""")).ShouldBe(201);
        (await FindAsync(token)).ShouldBeNull();
    }

    [Fact]
    public async Task Token_OpensNoApi()
    {
        string token = (await Admin.Post(Tokens, """{"name":"a"}""")).ShouldBe(201).Value.GetProperty("token").GetString()!;
        using var instance = new AdminClient(Server.Address, token);
        (await instance.Get("upstreams")).ShouldBe(401);
        (await instance.Get(Tokens)).ShouldBe(401);
    }

    [Theory]
    [InlineData("owner", ",\"gateway_group_id\":\"default\"", 201)]
    [InlineData("operator", ",\"gateway_group_id\":\"default\"", 403)]
    [InlineData("owner", ",\"gateway_group_id\":\"default\",\"workspace_id\":\"a\"", 403)]
    [InlineData("owner", ",\"gateway_group_id\":\"other\"", 403)]
    public async Task Tokens_AreTheOwnersOfTheGroupToMake(string role, string where, int status)
    {
        Person jane = await PutAsync("jane", $$"""[{"role":"{{role}}"{{where}}}]""");
        (await jane.Send("POST", Tokens, """{"name":"a"}""")).ShouldBe(status);
        (await jane.Send("GET", Tokens)).ShouldBe(status == 201 ? 200 : 403);
    }

    [Fact]
    public async Task Commands_SayWhatANewMachineDoes()
    {
        await Admin.Put("/api/gateway_groups/blue", """{"name":"Blue"}""");
        AdminAnswer made = (await Admin.Post("/api/gateway_groups/blue/instance_tokens", """{"name":"a"}""")).ShouldBe(201);
        JsonElement commands = made.Value.GetProperty("commands");
        string config = commands.GetProperty("config").GetString()!;
        config.ShouldBe($$$"""
            deployment:
              role: data_plane
              role_data_plane:
                config_provider: etcd
              etcd:
                host: ["http://ETCD_HOST:2379"]
                prefix: "/gateway_groups/blue"
            headgate:
              control_plane:
                addresses: ["{{{Server.Address.GetLeftPart(UriPartial.Authority)}}}"]
                token: "${{HEADGATE_INSTANCE_TOKEN}}"

            """);
        commands.GetProperty("shell").GetString().ShouldBe(
            $"export HEADGATE_INSTANCE_TOKEN={made.Value.GetProperty("token").GetString()}\ncat >config.yaml <<'END'\n{config}END\nheadgate run --config config.yaml\n");
    }

    [Theory]
    [InlineData("{}", "name is needed")]
    [InlineData("""{"name":"a","days":0}""", "days must be a whole number from 1 to 3650")]
    [InlineData("""{"name":"a","role":"owner"}""", "additional properties forbidden, found role; allowed: name, days")]
    public async Task WrongTokens_AreRefused(string body, string text) => (await Admin.Post(Tokens, body)).ShouldBe(400).Body.ShouldContain(text);

    private ValueTask<InstanceToken?> FindAsync(string sent) => Found.FindAsync(sent, TestContext.Current.CancellationToken);
}
