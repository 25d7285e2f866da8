using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Tests.Tidy;

/// <summary>docs/reference/state.md says of every field of an upstream what survives an edit of it (StateKeptTests tries it).</summary>
public sealed class StateTableTests
{
    private static readonly string[] NotEdited = ["id", "create_time", "update_time", "service_name", "discovery_type", "discovery_args", "service_registry_id"];

    [Fact]
    public void Table_NamesEveryFieldOfTheSchema()
    {
        using JsonDocument schema = JsonDocument.Parse(ConfigSchemas.Get(ResourceKind.Upstream));
        string[] firstCells = [.. Repository.Lines("docs/reference/state.md").Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1])];

        string[] fields = [.. schema.RootElement.GetProperty("properties").EnumerateObject().Select(field => field.Name).Except(NotEdited)];

        fields.Where(field => !firstCells.Any(cell => cell.Contains($"`{field}`", StringComparison.Ordinal) || cell.Contains($"`{field}[", StringComparison.Ordinal))).ShouldBeEmpty();
    }
}
