using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>A plan for people, and for programs.</summary>
internal static class PlanText
{
    /// <summary>All steps, each field a line.</summary>
    public static string Steps(ConfigurationPlan plan)
    {
        var text = new StringBuilder();
        foreach (PlannedChange step in plan.Steps)
        {
            text.Append(Sign(step.Action)).Append(' ').Append(step.Name).Append('\n');
            foreach (FieldChange field in step.Action == PlannedAction.Delete ? [] : step.Fields)
                text.Append("    ").Append(FieldText.Of(field)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary><c>1 to create, 2 to update, 0 to delete, 7 as they should be</c>.</summary>
    public static string Counts(ConfigurationPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(plan, PlannedAction.Create)} to create, {Count(plan, PlannedAction.Update)} to update, {Count(plan, PlannedAction.Delete)} to delete, {plan.Unchanged} as they should be");

    /// <summary>The whole plan as data.</summary>
    public static JsonObject Data(ConfigurationPlan plan) => new()
    {
        ["create"] = Count(plan, PlannedAction.Create),
        ["update"] = Count(plan, PlannedAction.Update),
        ["delete"] = Count(plan, PlannedAction.Delete),
        ["unchanged"] = plan.Unchanged,
        ["changes"] = new JsonArray([.. plan.Steps.Select(Step)]),
    };

    private static JsonObject Step(PlannedChange step) => new()
    {
        ["kind"] = step.Name.Kind.Plural(),
        ["id"] = step.Name.Id,
        ["action"] = step.Action.ToString().ToLowerInvariant(),
        ["fields"] = new JsonArray([.. step.Fields.Select(Member)]),
    };

    private static JsonObject Member(FieldChange field)
    {
        var made = new JsonObject { ["path"] = field.Path };
        if (field.Before is { } before)
            made["before"] = before.Deserialize<JsonNode>(JsonLayout.Dense);
        if (field.After is { } after)
            made["after"] = after.Deserialize<JsonNode>(JsonLayout.Dense);
        return made;
    }

    private static int Count(ConfigurationPlan plan, PlannedAction action) => plan.Steps.Count(step => step.Action == action);

    private static char Sign(PlannedAction action) => action switch
    {
        PlannedAction.Create => '+',
        PlannedAction.Update => '~',
        _ => '-',
    };
}
