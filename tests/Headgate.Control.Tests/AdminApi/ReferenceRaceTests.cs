using System.Globalization;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Naming an object and deleting it at the same time, for every kind of reference that there is beside upstreams and services.</summary>
public sealed class ReferenceRaceTests() : AdminApiTest(StoreKind.Embedded)
{
    private const int Rounds = 60;

    [Theory]
    [InlineData("plugin_configs", """{"plugins":{}}""", "routes", """{"uri":"/a","plugins":{},"plugin_config_id":"ID"}""")]
    [InlineData("consumer_groups", """{"plugins":{}}""", "consumers", """{"username":"ID","group_id":"ID"}""")]
    [InlineData("protos", """{"content":"x"}""", "plugin_configs", """{"plugins":{"grpc-transcode":{"proto_id":"ID"}}}""")]
    [InlineData("upstreams", Upstream, "global_rules", """{"plugins":{"traffic-split":{"rules":[{"weighted_upstreams":[{"upstream_id":"ID"}]}]}}}""")]
    [InlineData("upstreams", Upstream, "consumer_groups", """{"plugins":{"traffic-split":{"rules":[{"weighted_upstreams":[{"upstream_id":"ID"}]}]}}}""")]
    public async Task DeleteAgainstCreateOfAUser_NeverBothSucceed(string target, string body, string users, string user)
    {
        for (int round = 0; round < Rounds; round++)
        {
            string id = round.ToString(CultureInfo.InvariantCulture);
            (await Admin.Put($"{target}/{id}", body)).ShouldBe(201);
            Task<AdminAnswer> delete = Task.Run(() => Admin.Delete($"{target}/{id}"));
            Task<AdminAnswer> create = Task.Run(() => Admin.Put($"{users}/{id}", user.Replace("ID", id, StringComparison.Ordinal)));
            await Task.WhenAll(delete, create);

            bool deleted = (await delete).Status == 200;
            bool created = (await create).Status == 201;
            (deleted ^ created).ShouldBeTrue($"round {round}: delete {(await delete).Body}, create {(await create).Body}");
            if (created)
                (await Admin.Delete($"{users}/{id}")).ShouldBe(200);
        }
    }

    [Fact]
    public async Task Delete_Used_ListsEveryUser()
    {
        await Admin.Put("consumer_groups/g", """{"plugins":{}}""");
        await Admin.Put("consumers", """{"username":"b","group_id":"g"}""");
        await Admin.Put("consumers", """{"username":"a","group_id":"g"}""");
        await Admin.Put("plugin_configs/p", """{"plugins":{}}""");
        await Admin.Put("routes/r", """{"uri":"/a","plugins":{},"plugin_config_id":"p"}""");

        AdminAnswer group = (await Admin.Delete("consumer_groups/g")).ShouldBe(400);
        group.Body.ShouldBe("""{"error_msg":"can not delete this consumer group, consumer [a] is still using it now; also consumer [b]","users":["/apisix/consumers/a","/apisix/consumers/b"]}""" + "\n");
        (await Admin.Delete("plugin_configs/p")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this plugin config, route [r] is still using it now");
        (await Admin.Delete("plugin_configs/p?force=true")).ShouldBe(200);
    }
}
