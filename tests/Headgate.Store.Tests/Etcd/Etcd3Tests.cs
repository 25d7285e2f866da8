using System.Globalization;
using System.Text.Json;
using Headgate.Store.Etcd;
using Headgate.Testing;
using static Headgate.Store.Tests.Etcd.EtcdStores;

namespace Headgate.Store.Tests.Etcd;

/// <summary>The npm package <c>etcd3</c> reads what this store wrote, and the other way round.</summary>
public sealed class Etcd3Tests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsWritten_IsReadByTheOther()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        await using EtcdStore store = await OpenAsync(etcd.Endpoints, options => options with { RecordedPrefixes = ["/apisix/"] });
        await store.CommitAsync([], Put("/apisix/routes/1", """{"uri":"/é"}"""), Put("/apisix/routes/2", """{"uri":"/b"}"""), Put("/apisix/upstreams/1", "{}"));
        long newest = (await store.CommitAsync([], new Operation.Delete("/apisix/routes/2"))).Revision;

        string line = await NpmProgram.RunAsync("Etcd/Client", "read.mjs", etcd.Endpoints[0].GetLeftPart(UriPartial.Authority), "/apisix/routes/");

        using var said = JsonDocument.Parse(line);
        said.RootElement.GetProperty("entries").GetRawText().ShouldBe("""{"/apisix/routes/1":"{\"uri\":\"/é\"}"}""");
        said.RootElement.GetProperty("revision").GetString().ShouldBe(newest.ToString(CultureInfo.InvariantCulture));
        (await store.ReadAsync("/apisix/routes/from-etcd3")).ShouldBe("""{"uri":"/theirs"}""");
        (await store.GetHistoryAsync("/apisix/routes/from-etcd3", 1, Token)).ShouldHaveSingleItem().Origin.Who.ShouldBe("unknown");
    }
}
