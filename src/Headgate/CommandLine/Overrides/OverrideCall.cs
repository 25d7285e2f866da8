using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Overrides;

/// <summary>One command about one node: asks the gateway, prints what it says, and knows the exit code.</summary>
internal sealed class OverrideCall
{
    /// <summary>Between two looks at a draining node; the gateway itself looks ten times a second.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);

    private readonly GatewayClient _client;
    private readonly string _path;
    private readonly string _name;
    private readonly TextWriter _output;

    /// <param name="client">Asks the gateway.</param>
    /// <param name="upstream">Id of the upstream, or KIND/ID of what holds it.</param>
    /// <param name="node">The node, as the upstream names it.</param>
    /// <param name="output">Takes what has become of the node.</param>
    public OverrideCall(GatewayClient client, string upstream, string node, TextWriter output)
    {
        (_client, _output) = (client, output);
        string[] parts = upstream.Contains('/', StringComparison.Ordinal) ? upstream.Split('/') : [ResourceKind.Upstream.Plural(), upstream];
        _name = $"{node} of {string.Join('/', parts)}";
        _path = $"/api/{string.Join('/', parts.Select(Uri.EscapeDataString))}/nodes/{Uri.EscapeDataString(node)}/override";
    }

    /// <summary>Gives the word; with <paramref name="wait"/> returns when the node is drained.</summary>
    public async Task<int> GiveAsync(OverrideKind kind, TimeSpan? deadline, string? note, bool force, bool wait, CancellationToken cancellation)
    {
        var body = new JsonObject { ["kind"] = kind.Name() };
        if (deadline is { } time)
            body["deadline"] = time.TotalSeconds;
        if (note is not null)
            body["note"] = note;
        if (force)
            body["force"] = true;
        GatewayAnswer answer = await _client.SendAsync(HttpMethod.Put, _path, body);
        if (!answer.IsSuccess)
            throw GatewayClient.Refused(answer);
        JsonElement said = answer.Element;
        await _output.WriteLineAsync(OverrideText.State(_name, said));
        return !wait || OverrideText.IsDrained(said) ? ExitCodes.Ok : await WaitAsync(cancellation);
    }

    /// <summary>Takes the word back when it is of <paramref name="kind"/>; null = either force.</summary>
    public async Task<int> TakeBackAsync(OverrideKind? kind)
    {
        JsonElement said = await LookAsync($"{_name} has no override");
        bool drains = OverrideKinds.Find(said.GetProperty("kind").GetString()) == OverrideKind.Drain;
        if (drains && kind is null)
            throw Failed($"{_name} is not forced but draining: headgate drain --cancel takes that back");
        if (!drains && kind == OverrideKind.Drain)
            throw Failed($"{_name} is not draining but forced: headgate force off takes that back");
        GatewayAnswer answer = await _client.SendAsync(HttpMethod.Delete, _path);
        if (!answer.IsSuccess)
            throw GatewayClient.Refused(answer);
        await _output.WriteLineAsync($"{_name} is no longer {(drains ? "draining" : "forced")}");
        return ExitCodes.Ok;
    }

    private async Task<int> WaitAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(LookPeriod, cancellation);
            JsonElement said = await LookAsync($"the drain of {_name} was taken back meanwhile");
            if (said.GetProperty("kind").GetString() != OverrideKind.Drain.Name())
                throw Failed($"the drain was replaced meanwhile: {OverrideText.State(_name, said)}");
            if (!OverrideText.IsDrained(said))
                continue;
            await _output.WriteLineAsync(OverrideText.State(_name, said));
            return ExitCodes.Ok;
        }
    }

    /// <summary>The override; <paramref name="missing"/> says what it means when there is none.</summary>
    private async Task<JsonElement> LookAsync(string missing) => (await _client.FindAsync(_path) ?? throw Failed(missing)).Element;

    private static CommandFailedException Failed(string problem) => new(ExitCodes.Refused, problem);
}
