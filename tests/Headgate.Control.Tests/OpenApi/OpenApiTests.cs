using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.Groups;
using Headgate.Control.OpenApi;
using Headgate.Control.Tests.AdminApi;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Control.Tests.OpenApi;

/// <summary>The document says what is served, no more and no less.</summary>
public sealed class OpenApiTests() : AdminApiTest(StoreKind.Memory)
{
    [Fact]
    public async Task Document_IsWhole()
    {
        JsonElement document = (await Admin.Get("/api/openapi.json")).ShouldBe(200).Json;
        document.GetProperty("openapi").GetString().ShouldBe("3.1.0");
        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        var ids = new HashSet<string>();
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                ids.Add(operation.Value.GetProperty("operationId").GetString()! + path.Name.Count(letter => letter == '{')).ShouldBeTrue($"{operation.Name} {path.Name}");
                string[] inPath = [.. operation.Value.GetProperty("parameters").EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()!)];
                inPath.Length.ShouldBe(path.Name.Count(letter => letter == '{'));
            }
        }

        foreach (string reference in document.GetRawText().Split("\"$ref\":\"#/components/schemas/").Skip(1).Select(text => text[..text.IndexOf('"')]))
            schemas.TryGetProperty(reference, out _).ShouldBeTrue(reference);
        using var nobody = new AdminClient(Server.Address, null);
        (await nobody.Get("/api/openapi.json")).ShouldBe(401);
    }

    [Theory]
    [InlineData("/api/upstreams/{id}/nodes", "nodes", null)]
    [InlineData("/api/gateway_groups/{group}/convergence", "convergence", null)]
    [InlineData("/api/instances", "instance", "list,total")]
    [InlineData("/api/instances/{id}", "instance", "value")]
    [InlineData("/api/overrides", "override", "list,total")]
    public async Task Answer_OfWhatRuns_HasASchema(string path, string schema, string? around)
    {
        JsonElement document = (await Admin.Get("/api/openapi.json")).ShouldBe(200).Json;
        JsonElement answer = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        string? required = answer.TryGetProperty("required", out JsonElement members) ? string.Join(',', members.EnumerateArray().Select(member => member.GetString())) : null;

        required.ShouldBe(around);
        answer.GetRawText().ShouldContain($"#/components/schemas/{schema}\"");
    }

    [Fact]
    public void EveryServedPath_IsInIt()
    {
        HashSet<string> told = [.. ApiOperations.All.Select(operation => Shape(operation.Path))];
        foreach (RouteEndpoint endpoint in Server.Endpoints.Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)))
            told.ShouldContain(Shape(endpoint.RoutePattern.RawText!));
    }

    [Fact]
    public async Task EveryOperation_IsServed_AndHasARule()
    {
        foreach (ApiOperation operation in ApiOperations.All)
        {
            string[] path = [.. operation.Path["/api/".Length..].Split('/').Select(part => part.StartsWith('{') ? "x" : part)];
            AccessRules.NeedOf(operation.Method, isAdminApi: false, path, GroupAddress.Default, _ => "default").ShouldNotBeNull(operation.Path);
            if (operation.Tag is "nodes" or "overrides" or "explain" or "service registries")
                continue; // served where a data plane is
            AdminAnswer answer = await Admin.Send(operation.Method, operation.Path.Replace("{group}", "default").Replace("{id}", "x").Replace("{name}", "x").Replace("{manager}", "vault"), operation.Method is "PUT" or "POST" or "PATCH" ? "{}" : null);
            answer.Status.ShouldNotBe(405, $"{operation.Method} {operation.Path}");
            (answer.Status == 404 && (answer.Body.Length == 0 || answer.Body.Contains("no such path"))).ShouldBeFalse($"{operation.Method} {operation.Path}: {answer.Body}");
        }
    }

    private static string Shape(string path) => string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? "{}" : part));
}
