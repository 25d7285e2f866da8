using System.Globalization;
using System.Text.Json;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Clients at the same time: nothing is lost, nothing dangles, nothing starves.</summary>
public abstract class ConcurrencyContract(StoreKind kind) : AdminApiTest(kind)
{
    [Fact]
    public async Task DeleteUpstreamAgainstCreateRoute_NeverBothSucceed()
    {
        int deleted = 0;
        int created = 0;
        for (int round = 0; round < 200; round++)
        {
            string id = round.ToString(CultureInfo.InvariantCulture);
            (await Admin.Put("upstreams/" + id, Upstream)).ShouldBe(201);
            Task<AdminAnswer> delete = Task.Run(() => Admin.Delete("upstreams/" + id));
            Task<AdminAnswer> create = Task.Run(() => Admin.Put("routes/" + id, Route("/" + id, $"\"upstream_id\":\"{id}\"")));
            await Task.WhenAll(delete, create);

            bool wasDeleted = (await delete).Status == 200;
            bool wasCreated = (await create).Status == 201;
            (wasDeleted ^ wasCreated).ShouldBeTrue($"round {round}: delete {(await delete).Body}, create {(await create).Body}");
            deleted += wasDeleted ? 1 : 0;
            created += wasCreated ? 1 : 0;
        }

        (deleted + created).ShouldBe(200);
    }

    [Fact]
    public async Task Patches_AtTheSameTime_AreAllIn()
    {
        await Admin.Put("upstreams/1", Upstream);

        AdminAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => Admin.Patch("upstreams/1", $$$"""{"labels":{"l{{{i}}}":"x"}}"""))));

        answers.ShouldAllBe(answer => answer.Status == 200);
        (await Admin.Get("upstreams/1")).Value.GetProperty("labels").EnumerateObject().Count().ShouldBe(40);
    }

    [Fact]
    public async Task Puts_OfOneNewId_CreateItOnce()
    {
        AdminAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Admin.Put("upstreams/1", Upstream))));

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Count(answer => answer.Status == 200).ShouldBe(39);
    }

    [Fact]
    public async Task Posts_AtTheSameTime_GetDifferentIds()
    {
        AdminAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Admin.Post("upstreams", Upstream))));

        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(answer => answer.Value.GetProperty("id").GetString()).Distinct().Count().ShouldBe(100);
        (await Admin.Get("upstreams")).Json.GetProperty("total").GetInt32().ShouldBe(100);
    }

    [Fact]
    public async Task Delete_WhileRoutesAreWrittenAllTheTime_Ends()
    {
        await Admin.Put("upstreams/used", Upstream);
        await Admin.Put("routes/0", Route("/", "\"upstream_id\":\"used\""));
        using CancellationTokenSource stop = new();
        Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
                (await Admin.Put($"routes/{writer}", Route($"/{i}", "\"upstream_id\":\"used\""))).Status.ShouldBeInRange(200, 201);
        }))];

        for (int round = 0; round < 50; round++)
        {
            (await Admin.Put("upstreams/free", Upstream)).ShouldBe(201);
            (await Admin.Delete("upstreams/free")).ShouldBe(200);
            (await Admin.Delete("upstreams/used")).ShouldBe(400);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task IfMatch_OfManyAtOnce_LetsOneThrough()
    {
        string tag = (await Admin.Put("upstreams/1", Upstream)).Header("ETag")!;

        AdminAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            Admin.Send("PUT", "upstreams/1", $$$"""{"desc":"{{{i}}}","nodes":{"127.0.0.1:1":1}}""", ("If-Match", tag)))));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Count(answer => answer.Status == 412).ShouldBe(19);
        JsonElement winner = answers.Single(answer => answer.Status == 200).Value;
        (await Admin.Get("upstreams/1")).Value.GetRawText().ShouldBe(winner.GetRawText());
    }
}

/// <inheritdoc/>
public sealed class ConcurrencyTests() : ConcurrencyContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class ConcurrencyOverEmbeddedStoreTests() : ConcurrencyContract(StoreKind.Embedded);
