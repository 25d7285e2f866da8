using System.Text.Json;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>PATCH: merge without a sub-path, replacement with one.</summary>
public abstract class PatchContract(StoreKind kind) : AdminApiTest(kind)
{
    private const string Start = """{"desc":"d","labels":{"a":"1","b":"2"},"nodes":{"127.0.0.1:1":1,"127.0.0.1:2":2},"timeout":{"connect":1.0,"send":2,"read":3}}""";

    [Theory]
    [InlineData("""{"desc":"e"}""", "desc", "\"e\"")]
    [InlineData("""{"labels":{"b":"3","c":"4"}}""", "labels", """{"a":"1","b":"3","c":"4"}""")]
    [InlineData("""{"labels":{"a":null}}""", "labels", """{"b":"2"}""")]
    [InlineData("""{"labels":null}""", "labels", null)]
    [InlineData("""{"labels":{"x":null}}""", "labels", """{"a":"1","b":"2"}""")]
    [InlineData("""{"never_there":null}""", "desc", "\"d\"")]
    [InlineData("""{"labels":{}}""", "labels", "{}")]
    [InlineData("""{"nodes":{"127.0.0.1:1":null,"127.0.0.1:3":3}}""", "nodes", """{"127.0.0.1:2":2,"127.0.0.1:3":3}""")]
    [InlineData("""{"nodes":[{"host":"a.test","weight":1}]}""", "nodes", """[{"host":"a.test","weight":1}]""")]
    [InlineData("""{"timeout":{"read":4.50}}""", "timeout", """{"connect":1.0,"send":2,"read":4.50}""")]
    [InlineData("{}", "desc", "\"d\"")]
    public async Task Merge(string patch, string member, string? expected)
    {
        await Admin.Put("upstreams/1", Start);

        AdminAnswer answer = (await Admin.Patch("upstreams/1", patch)).ShouldBe(200);

        answer.Members.ShouldBe(["key", "value"]);
        (answer.Value.TryGetProperty(member, out JsonElement value) ? value.GetRawText() : null).ShouldBe(expected);
        (await Admin.Get("upstreams/1")).Value.GetRawText().ShouldBe(answer.Value.GetRawText());
    }

    [Theory]
    [InlineData("desc", "\"e\"", "desc", "\"e\"")]
    [InlineData("nodes", """{"127.0.0.1:9":9}""", "nodes", """{"127.0.0.1:9":9}""")]
    [InlineData("nodes", """[{"host":"a.test","weight":1}]""", "nodes", """[{"host":"a.test","weight":1}]""")]
    [InlineData("nodes/127.0.0.1:2", "7", "nodes", """{"127.0.0.1:1":1,"127.0.0.1:2":7}""")]
    [InlineData("timeout/read", "4.0", "timeout", """{"connect":1.0,"send":2,"read":4.0}""")]
    [InlineData("labels", "{}", "labels", "{}")]
    [InlineData("keepalive_pool/size", "10", "keepalive_pool", """{"size":10}""")]
    [InlineData("retries", "2", "retries", "2")]
    public async Task SubPath_Replaces(string path, string body, string member, string expected)
    {
        await Admin.Put("upstreams/1", Start);

        AdminAnswer answer = (await Admin.Patch("upstreams/1/" + path, body)).ShouldBe(200);

        answer.Value.GetProperty(member).GetRawText().ShouldBe(expected);
    }

    [Fact]
    public async Task SubPath_IntoAnArray_TakesAnIndex()
    {
        await Admin.Put("upstreams/1", """{"nodes":[{"host":"a.test","port":1,"weight":1},{"host":"b.test","port":1,"weight":1}]}""");

        AdminAnswer answer = (await Admin.Patch("upstreams/1/nodes/1/weight", "5")).ShouldBe(200);

        answer.Value.GetProperty("nodes").GetRawText().ShouldBe("""[{"host":"a.test","port":1,"weight":1},{"host":"b.test","port":1,"weight":5}]""");
        (await Admin.Patch("upstreams/1/nodes/2/weight", "5")).ShouldBe(400).ErrorMessage.ShouldBe("invalid sub-path: /nodes/2, not an index below 2");
    }

    [Fact]
    public async Task SubPath_ThroughAText_Answers400()
    {
        await Admin.Put("upstreams/1", Start);

        (await Admin.Patch("upstreams/1/desc/deeper", "1")).ShouldBe(400).ErrorMessage.ShouldBe("invalid sub-path: /desc");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    public async Task Merge_NotAnObject_Answers400(string body)
    {
        await Admin.Put("upstreams/1", Start);

        (await Admin.Patch("upstreams/1", body)).ShouldBe(400).ErrorMessage.ShouldBe("invalid configuration");
    }

    [Theory]
    [InlineData("upstreams/1", """{"nodes":null}""", "invalid configuration: value should match only one schema, but matches none")]
    [InlineData("upstreams/1/id", "\"2\"", "wrong upstream id")]
    [InlineData("upstreams/1", """{"id":"2"}""", "wrong upstream id")]
    public async Task Result_IsValidatedWhole(string path, string body, string text)
    {
        await Admin.Put("upstreams/1", Start);
        string before = (await Admin.Get("upstreams/1")).Body;

        (await Admin.Patch(path, body)).ShouldBe(400).ErrorMessage!.ShouldStartWith(text);

        (await Admin.Get("upstreams/1")).Body.ShouldBe(before);
    }

    [Fact]
    public async Task Times_CreateStaysUpdateMoves()
    {
        await Admin.Put("upstreams/1", Start);
        Server.Clock.UnixSeconds += 5;

        JsonElement merged = (await Admin.Patch("upstreams/1", """{"desc":"e"}""")).ShouldBe(200).Value;
        Server.Clock.UnixSeconds += 5;
        JsonElement replaced = (await Admin.Patch("upstreams/1/desc", "\"f\"")).ShouldBe(200).Value;

        merged.GetProperty("create_time").GetInt64().ShouldBe(1_700_000_000);
        merged.GetProperty("update_time").GetInt64().ShouldBe(1_700_000_005);
        replaced.GetProperty("create_time").GetInt64().ShouldBe(1_700_000_000);
        replaced.GetProperty("update_time").GetInt64().ShouldBe(1_700_000_010);
    }

    [Fact]
    public async Task IdOfTheUrl_StaysAText()
    {
        await Admin.Put("upstreams/1", Start);

        (await Admin.Patch("upstreams/1", """{"id":1}""")).ShouldBe(200).Value.GetProperty("id").GetString().ShouldBe("1");
        (await Admin.Patch("upstreams/1", """{"id":null}""")).ShouldBe(200).Value.GetProperty("id").GetString().ShouldBe("1");
    }
}

/// <inheritdoc/>
public sealed class PatchTests() : PatchContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class PatchOverEmbeddedStoreTests() : PatchContract(StoreKind.Embedded);
