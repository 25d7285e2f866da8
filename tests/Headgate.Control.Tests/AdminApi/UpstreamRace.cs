namespace Headgate.Control.Tests.AdminApi;

/// <summary>An upstream is deleted while a route that uses it is created, again and again: never a dangling reference. Each store has its class.</summary>
public abstract class UpstreamRace(StoreKind kind) : AdminApiTest(kind)
{
    private const int Few = 100;
    private const int Many = 10_000;

    [Fact]
    public Task DeleteAgainstCreateOfARoute_NeverBothSucceed() => RaceAsync(Few);

    [Fact]
    [Trait("Category", "Long")]
    public Task DeleteAgainstCreateOfARoute_TenThousandTimes_NeverBothSucceed() => RaceAsync(Many);

    private async Task RaceAsync(int rounds)
    {
        int deletions = 0;
        for (int round = 0; round < rounds; round++)
        {
            (await Admin.Put("upstreams/u", Upstream)).Status.ShouldBeInRange(200, 201);
            Task<AdminAnswer> delete = Task.Run(() => Admin.Delete("upstreams/u"));
            Task<AdminAnswer> create = Task.Run(() => Admin.Put("routes/r", Route("/a", "\"upstream_id\":\"u\"")));
            await Task.WhenAll(delete, create);
            bool deleted = (await delete).Status == 200;
            bool created = (await create).Status == 201;
            (deleted ^ created).ShouldBeTrue($"round {round}: delete {(await delete).Body}, create {(await create).Body}");
            deletions += deleted ? 1 : 0;
            if (created)
                (await Admin.Delete("routes/r")).ShouldBe(200);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds: {deletions} times the deletion came first.");
    }
}

/// <inheritdoc/>
public sealed class UpstreamRaceOnEmbeddedStoreTests() : UpstreamRace(StoreKind.Embedded);

/// <inheritdoc/>
public sealed class UpstreamRaceOnEtcdTests() : UpstreamRace(StoreKind.Etcd);
