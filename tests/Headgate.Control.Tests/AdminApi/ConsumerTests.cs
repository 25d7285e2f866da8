using System.Globalization;
using System.Text.Json;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Consumers and their credentials.</summary>
public abstract class ConsumerContract(StoreKind kind) : AdminApiTest(kind)
{
    private const string Jack = """{"username":"jack","plugins":{"key-auth":{"key":"of jack"}}}""";

    [Fact]
    public async Task Consumer_IsWrittenByNameOrBody_ReadAndDeleted()
    {
        AdminAnswer made = (await Admin.Put("consumers", Jack)).ShouldBe(201);
        made.Json.GetProperty("key").GetString().ShouldBe("/apisix/consumers/jack");
        made.Value.EnumerateObject().Select(member => member.Name).ShouldBe(["username", "plugins", "create_time", "update_time"]);
        (await Admin.Put("consumers/jack", Jack)).ShouldBe(200);

        (await Admin.Get("consumers/jack")).ShouldBe(200).Value.GetProperty("plugins").GetRawText().ShouldBe("""{"key-auth":{"key":"of jack"}}""");
        (await Admin.Get("consumers")).ShouldBe(200).Keys.ShouldBe(["/apisix/consumers/jack"]);
        (await Admin.Delete("consumers/jack")).ShouldBe(200).Body.ShouldBe("""{"deleted":"1","key":"/apisix/consumers/jack"}""" + "\n");
        (await Admin.Delete("consumers/jack")).ShouldBe(404).Body.ShouldBe("""{"message":"Key not found"}""" + "\n");
    }

    [Theory]
    [InlineData("consumers", """{"plugins":{}}""", "invalid configuration: property \"username\" is required")]
    [InlineData("consumers/jack", """{"username":"jill"}""", "wrong username")]
    [InlineData("consumers", """{"username":"a b"}""", "invalid configuration: property \"username\" validation failed: failed to match pattern \"^[a-zA-Z0-9_\\\\-]+$\" with \"a b\"")]
    [InlineData("consumers", """{"username":"a","name":"b"}""", "invalid configuration: additional properties forbidden, found name")]
    [InlineData("consumers", """{"username":"a","plugins":{"no-such":{}}}""", "invalid plugins configuration: unknown plugin [no-such]")]
    [InlineData("consumers", """{"username":"a","group_id":"g"}""", "failed to fetch consumer group info by consumer group id [g], response code: 404")]
    [InlineData("consumers", """{"username":"a","create_time":1}""", "the property is forbidden:  create_time")]
    [InlineData("consumers/jack/credentials/1", """{"plugins":{}}""", "plugins must hold exactly one auth plugin: without it the credential is good for nothing")]
    [InlineData("consumers/jack/credentials/1", """{"id":"2","plugins":{"key-auth":{"key":"a"}}}""", "wrong credential id")]
    [InlineData("consumers/jack/credentials/1", """{"plugins":{"prometheus":{}}}""", "only supports auth type plugins in consumer credential (prometheus is none)")]
    [InlineData("consumers/jack/credentials/1", """{"plugins":{"key-auth":{"key":"a"},"jwt-auth":{"key":"a"}}}""", "invalid configuration: property \"plugins\" validation failed: expect object to have at most 1 properties (given key-auth, jwt-auth)")]
    [InlineData("consumers/jack/credentials/1", """{"plugins":{"no-such":{}}}""", "invalid plugins configuration: unknown plugin [no-such]")]
    public async Task Put_Refused_SaysWhy(string path, string body, string text)
    {
        await Admin.Put("consumers", Jack);

        (await Admin.Put(path, body)).ShouldBe(400).ErrorMessage.ShouldBe(text);
    }

    [Fact]
    public async Task Credential_IsWrittenReadListedAndDeleted()
    {
        await Admin.Put("consumers", Jack);
        AdminAnswer made = (await Admin.Put("consumers/jack/credentials/c1", """{"id":"c1","name":"k1","plugins":{"key-auth":{"key":"abc"}}}""")).ShouldBe(201);
        made.Json.GetProperty("key").GetString().ShouldBe("/apisix/consumers/jack/credentials/c1");
        made.Value.GetProperty("id").GetString().ShouldBe("c1");
        (await Admin.Put("consumers/jack/credentials", """{"id":"c2","plugins":{"jwt-auth":{"key":"x","secret":"s"}}}""")).ShouldBe(201);
        (await Admin.Put("consumers/jack/credentials/c2", """{"id":"jack/credentials/c2","plugins":{"jwt-auth":{"key":"x","secret":"s"}}}""")).ShouldBe(200);

        (await Admin.Get("consumers/jack/credentials")).ShouldBe(200).Keys.ShouldBe(["/apisix/consumers/jack/credentials/c1", "/apisix/consumers/jack/credentials/c2"]);
        (await Admin.Get("consumers/jack/credentials/c1")).ShouldBe(200).Value.GetProperty("name").GetString().ShouldBe("k1");
        AdminAnswer consumers = (await Admin.Get("consumers")).ShouldBe(200);
        consumers.Keys.ShouldBe(["/apisix/consumers/jack"]);
        consumers.Json.GetProperty("total").GetInt32().ShouldBe(1);

        (await Admin.Delete("consumers/jack/credentials/c1")).ShouldBe(200);
        (await Admin.Delete("consumers/jack/credentials/c1")).ShouldBe(404);
        (await Admin.Delete("consumers/jack/credentials/c2")).ShouldBe(200);
        (await Admin.Get("consumers/jack/credentials")).ShouldBe(404);
    }

    [Fact]
    public async Task Credential_OfNobody_Answers404()
    {
        (await Admin.Put("consumers/jack/credentials/1", """{"plugins":{"key-auth":{"key":"a"}}}""")).ShouldBe(404).ErrorMessage.ShouldBe("consumer not found");
        (await Admin.Get("consumers/jack/credentials/1")).ShouldBe(404);
    }

    [Fact]
    public async Task Delete_Consumer_TakesItsCredentialsAndNoOthers()
    {
        await Admin.Put("consumers", Jack);
        await Admin.Put("consumers", """{"username":"jack2"}""");
        await Admin.Put("consumers/jack2/credentials/1", """{"plugins":{"key-auth":{"key":"2"}}}""");
        for (int i = 0; i < 150; i++)
            (await Admin.Put($"consumers/jack/credentials/{i}", $$$$"""{"plugins":{"key-auth":{"key":"k{{{{i}}}}"}}}""")).ShouldBe(201);

        (await Admin.Delete("consumers/jack")).ShouldBe(200);

        (await Admin.Get("consumers/jack/credentials")).ShouldBe(404);
        (await Admin.Get("consumers/jack2/credentials")).ShouldBe(200).Keys.Length.ShouldBe(1);
        (await Admin.Put("consumers", """{"username":"jill","plugins":{"key-auth":{"key":"k1"}}}""")).ShouldBe(201);
    }

    [Fact]
    public async Task DeleteConsumerAgainstCreateCredential_LeavesNoOrphan()
    {
        for (int round = 0; round < 100; round++)
        {
            string name = "c" + round.ToString(CultureInfo.InvariantCulture);
            (await Admin.Put("consumers", $$$$"""{"username":"{{{{name}}}}"}""")).ShouldBe(201);
            Task<AdminAnswer> delete = Task.Run(() => Admin.Delete("consumers/" + name));
            Task<AdminAnswer> create = Task.Run(() => Admin.Put($"consumers/{name}/credentials/1", $$$$"""{"plugins":{"key-auth":{"key":"{{{{name}}}}"}}}"""));
            await Task.WhenAll(delete, create);

            (await delete).ShouldBe(200);
            (await create).Status.ShouldBeOneOf(201, 404);
            (await Server.Store.GetAsync("/apisix/consumers/", CancellationToken.None)).Entries.ShouldBeEmpty($"round {round}");
        }
    }

    [Fact]
    public async Task Key_OfAnotherConsumer_IsRefused()
    {
        await Admin.Put("consumers", Jack);
        await Admin.Put("consumers/jack/credentials/c1", """{"plugins":{"key-auth":{"key":"second"}}}""");

        (await Admin.Put("consumers", """{"username":"jill","plugins":{"key-auth":{"key":"of jack"}}}""")).ShouldBe(400)
            .ErrorMessage.ShouldBe("duplicate key of plugin key-auth found with consumer: jack");
        (await Admin.Put("consumers", """{"username":"jill","plugins":{"key-auth":{"key":"second"}}}""")).ShouldBe(400)
            .ErrorMessage.ShouldBe("duplicate key of plugin key-auth found with credential: c1 of consumer: jack");
        (await Admin.Put("consumers/jack/credentials/c2", """{"plugins":{"key-auth":{"key":"second"}}}""")).ShouldBe(400);

        // Another plugin's key is another key; a consumer may keep its own, and take over that of its credential.
        (await Admin.Put("consumers", """{"username":"jill","plugins":{"jwt-auth":{"key":"of jack"}}}""")).ShouldBe(201);
        (await Admin.Put("consumers", Jack)).ShouldBe(200);
        (await Admin.Put("consumers", """{"username":"jack","plugins":{"key-auth":{"key":"second"}}}""")).ShouldBe(200);
        (await Admin.Put("consumers", """{"username":"jane","plugins":{"key-auth":{"key":"of jack"}}}""")).ShouldBe(201);
        (await Admin.Put("consumers", """{"username":"a","plugins":{"key-auth":{"key":"$env://KEY"}}}""")).ShouldBe(201);
        (await Admin.Put("consumers", """{"username":"b","plugins":{"key-auth":{"key":"$env://KEY"}}}""")).ShouldBe(201);
    }

    [Fact]
    public async Task Key_TakenByManyAtOnce_GoesToOne()
    {
        AdminAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            Admin.Put("consumers", $$$$"""{"username":"c{{{{i}}}}","plugins":{"key-auth":{"key":"one"},"jwt-auth":{"key":"one"}}}"""))));

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        JsonElement[] errors = [.. answers.First(answer => answer.Status == 400).Json.GetProperty("errors").EnumerateArray()];
        errors.Select(error => error.GetProperty("path").GetString()).ShouldBe(["plugins.key-auth.key", "plugins.jwt-auth.key"]);
    }

    [Fact]
    public async Task Ttl_AndPreconditions_HoldForConsumersToo()
    {
        string tag = (await Admin.Put("consumers", Jack)).Header("ETag")!;
        (await Admin.Put("consumers/jack", Jack)).ShouldBe(200);

        (await Admin.Send("PUT", "consumers/jack", Jack, ("If-Match", tag))).ShouldBe(412).ErrorMessage!.ShouldStartWith("consumer [jack] was changed");
        (await Admin.Send("DELETE", "consumers/jack", null, ("If-Match", tag))).ShouldBe(412);
        (await Admin.Put("consumers/jack?ttl=0.05", Jack)).ShouldBe(200);
        await Headgate.Testing.Eventually.HoldsAsync(async () => (await Admin.Get("consumers/jack")).Status == 404, "the consumer with a ttl is gone");
    }
}

/// <inheritdoc/>
public sealed class ConsumerTests() : ConsumerContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class ConsumerOverEmbeddedStoreTests() : ConsumerContract(StoreKind.Embedded);
