using System.Text.Json.Nodes;

namespace Headgate.CommandLine.Configuration.Live;

/// <summary>An object as a gateway has it.</summary>
/// <param name="Name">Which.</param>
/// <param name="Value">All of it that the API gives back.</param>
/// <param name="Revision">The revision that last wrote it, for <c>If-Match</c>.</param>
internal sealed record LiveObject(ObjectName Name, JsonObject Value, long Revision);
