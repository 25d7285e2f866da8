using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Overrides;

/// <summary>What the gateway said, for people.</summary>
internal static class OverrideText
{
    /// <summary>Whether the node of an override is drained.</summary>
    public static bool IsDrained(JsonElement said) => said.TryGetProperty("drained", out JsonElement drained) && drained.GetBoolean();

    /// <summary>One line.</summary>
    public static string State(string name, JsonElement said)
    {
        long inFlight = said.TryGetProperty("in_flight", out JsonElement count) ? count.GetInt64() : 0;
        string underWay = string.Create(CultureInfo.InvariantCulture, $"{inFlight} in flight");
        return OverrideKinds.Find(said.GetProperty("kind").GetString()) switch
        {
            OverrideKind.ForceUp => $"{name} is forced up",
            OverrideKind.ForceDown => $"{name} is forced down: {underWay}",
            _ when IsDrained(said) => $"{name} is drained{CutOff(said)}",
            _ => $"{name} is draining: {underWay}{Deadline(said)}",
        };
    }

    private static string Deadline(JsonElement said) =>
        said.TryGetProperty("deadline_left", out JsonElement left) ? string.Create(CultureInfo.InvariantCulture, $", cut off in {left.GetDouble():0.#} s") : "";

    private static string CutOff(JsonElement said) =>
        said.TryGetProperty("cut_off", out JsonElement cut) ? string.Create(CultureInfo.InvariantCulture, $"; connections cut off at the deadline: {cut.GetInt32()}") : "";
}
