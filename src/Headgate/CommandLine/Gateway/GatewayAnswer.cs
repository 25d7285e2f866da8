using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headgate.CommandLine.Gateway;

/// <summary>What a gateway answered.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Body">The JSON in it; empty when there is none.</param>
/// <param name="Revision">The revision in its <c>ETag</c>; null = it has none.</param>
/// <param name="Warnings">What was accepted and has no effect.</param>
internal sealed record GatewayAnswer(HttpStatusCode Status, JsonObject Body, long? Revision, IReadOnlyList<string> Warnings)
{
    /// <summary>Whether it did what was asked.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The same JSON, for reading.</summary>
    public JsonElement Element => JsonSerializer.SerializeToElement(Body, JsonLayout.Dense);

    /// <summary>Why it did not.</summary>
    public string Problem
    {
        get
        {
            string said = Text("error_msg") ?? Text("message") ?? "no reason is given";
            string more = Text("description") is { } description ? $": {description}" : "";
            IEnumerable<string> further = ((Body["errors"] as JsonArray)?.Skip(1) ?? []).Select(static error => $"; {error?["message"] ?? error?["error"]}");
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)Status}: {said}{more}{string.Concat(further)}");
        }
    }

    private string? Text(string member) => Body[member] is JsonValue value ? value.ToString() : null;
}
