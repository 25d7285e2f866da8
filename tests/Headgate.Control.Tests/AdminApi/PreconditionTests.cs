namespace Headgate.Control.Tests.AdminApi;

/// <summary>If-Match and If-None-Match.</summary>
public abstract class PreconditionContract(StoreKind kind) : AdminApiTest(kind)
{
    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task IfMatch_OfTheCurrentRevision_Writes(string method)
    {
        AdminAnswer put = await Admin.Put("upstreams/1", Upstream);
        string tag = put.Header("ETag")!;
        (await Admin.Get("upstreams/1")).Header("ETag").ShouldBe(tag);

        (await Send(method, ("If-Match", tag))).ShouldBe(200);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task IfMatch_OfAnOlderRevision_Answers412AndWritesNothing(string method)
    {
        string tag = (await Admin.Put("upstreams/1", Upstream)).Header("ETag")!;
        AdminAnswer current = await Admin.Put("upstreams/1", Upstream);
        string before = (await Admin.Get("upstreams/1")).Body;

        AdminAnswer answer = (await Send(method, ("If-Match", tag))).ShouldBe(412);

        answer.ErrorMessage.ShouldBe($"upstream [1] was changed: its modifiedIndex is {current.Header("ETag")!.Trim('"')}, and If-Match is {tag}");
        (await Admin.Get("upstreams/1")).Body.ShouldBe(before);
    }

    [Theory]
    [InlineData("PUT", 412)]
    [InlineData("PATCH", 404)]
    [InlineData("DELETE", 404)]
    public async Task IfMatch_OfAMissingObject_WritesNothing(string method, int status)
    {
        (await Send(method, ("If-Match", "\"1\""))).ShouldBe(status);

        (await Admin.Get("upstreams/1")).ShouldBe(404);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"99999\", {0}")]
    [InlineData("W/{0}")]
    public async Task IfMatch_OtherForms(string form)
    {
        string tag = (await Admin.Put("upstreams/1", Upstream)).Header("ETag")!;

        (await Send("PUT", ("If-Match", form.Replace("{0}", tag, StringComparison.Ordinal)))).ShouldBe(200);
    }

    [Fact]
    public async Task IfNoneMatchStar_CreatesButDoesNotReplace()
    {
        (await Send("PUT", ("If-None-Match", "*"))).ShouldBe(201);

        (await Send("PUT", ("If-None-Match", "*"))).ShouldBe(412).ErrorMessage!.ShouldStartWith("upstream [1] exists already");
    }

    private Task<AdminAnswer> Send(string method, (string, string) header) =>
        Admin.Send(method, "upstreams/1", method switch { "PUT" => Upstream, "PATCH" => """{"desc":"x"}""", _ => null }, header);
}

/// <inheritdoc/>
public sealed class PreconditionTests() : PreconditionContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class PreconditionOverEmbeddedStoreTests() : PreconditionContract(StoreKind.Embedded);
