using System.Text.Json;
using Headgate.Tests.Tidy;

namespace Headgate.Tests.EndToEnd;

/// <summary>The dashboard's types are made of a copy of the API's document: it is the one that is served.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DashboardContractTests
{
    [Fact]
    public async Task OpenApi_TheDashboardsCopy_IsTheServedOne()
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        using HttpClient client = AdminLoad.Client(gateway, 1);
        string served = await client.GetStringAsync(new Uri(new Uri(gateway.Admin), "/api/openapi.json"));
        using JsonDocument copy = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "dashboard/openapi.json")));
        using JsonDocument document = JsonDocument.Parse(served);

        JsonElement.DeepEquals(copy.RootElement, document.RootElement)
            .ShouldBeTrue("dashboard/openapi.json is not what GET /api/openapi.json answers: write the answer there (eng/openapi does), and see what the dashboard makes of it");
    }
}
