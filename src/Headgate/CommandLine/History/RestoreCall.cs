using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Gateway;
using Headgate.Control.Revisions.Differences;

namespace Headgate.CommandLine.History;

/// <summary>Restores one object: has the gateway try it out, shows what differs, asks, and does it on the condition that the object is still as it was shown.</summary>
/// <param name="client">Asks the gateway.</param>
/// <param name="name">The object.</param>
/// <param name="revision">As after which revision.</param>
/// <param name="output">Takes what differs, and what was done.</param>
/// <param name="error">Takes warnings.</param>
internal sealed class RestoreCall(GatewayClient client, ObjectName name, long revision, TextWriter output, TextWriter error)
{
    /// <summary>Does it; returns the exit code.</summary>
    /// <exception cref="CommandFailedException">It is not done.</exception>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async Task<int> RunAsync(bool yes, bool dryRun)
    {
        long seen = (await client.FindAsync(await client.PathOfAsync(name)))?.Revision ?? 0;
        string path = $"{await client.GroupPathAsync()}/{name.Path}/restore";
        JsonElement plan = (await PostAsync(path + "?dry-run=true", seen)).Element;
        string would = plan.GetProperty("would").GetString()!;
        if (would == "nothing")
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name} is as it was after revision {revision}; there is nothing to do"));
            return ExitCodes.Ok;
        }

        await output.WriteLineAsync($"{(would == "create" ? '+' : '~')} {name}");
        foreach (FieldChange field in FieldText.Read(plan.GetProperty("difference")))
            await output.WriteLineAsync("    " + FieldText.Of(field));
        await output.WriteLineAsync(Affected(plan.GetProperty("affected")));
        if (dryRun)
            return ExitCodes.Ok;
        await Confirmation.RequireAsync(output, yes);
        GatewayAnswer done = await PostAsync(path, seen);
        foreach (string warning in done.Warnings)
            await error.WriteLineAsync($"warning: {name}: {warning}");
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"restored {name} as it was after revision {revision}, by revision {done.Revision}"));
        return ExitCodes.Ok;
    }

    private async Task<GatewayAnswer> PostAsync(string path, long seen)
    {
        GatewayAnswer answer = await client.SendAsync(HttpMethod.Post, path, new JsonObject { ["revision"] = revision }, seen);
        if (answer.Status == HttpStatusCode.PreconditionFailed)
            throw new CommandFailedException(ExitCodes.Partial, $"{name} is not restored: somebody else has written it since the plan was made: {answer.Problem}");
        return answer.IsSuccess ? answer : throw new CommandFailedException(ExitCodes.Refused, $"{name} is not restored: {answer.Problem}");
    }

    /// <summary><c>concerns 1 upstream(s), 2 route(s); 3.5 requests per second</c>.</summary>
    private static string Affected(JsonElement affected)
    {
        string[] totals = [.. affected.GetProperty("totals").EnumerateObject().Where(static total => total.Value.GetInt32() > 0).Select(static total => $"{total.Name}: {total.Value.GetInt32()}")];
        string every = affected.GetProperty("every_request").GetBoolean() ? "every request" : string.Join(", ", totals);
        string rate = affected.GetProperty("requests_per_second") is { ValueKind: JsonValueKind.Number } number ? string.Create(CultureInfo.InvariantCulture, $"; {number.GetDouble():0.###} requests per second now") : "";
        string more = affected.GetProperty("complete").GetBoolean() ? "" : "; what names it inside of plugins is not known";
        return $"concerns {(every.Length == 0 ? "nothing else" : every)}{rate}{more}";
    }
}
