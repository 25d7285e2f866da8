using System.Globalization;
using System.Net;
using Headgate.CommandLine.Gateway;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>
/// Carries a plan out, step by step, each on the condition that the object is still as the plan saw it: what somebody else has written meanwhile fails that step and stays. Writes that fail
/// let the others go on; deletions are only done once all writes before them are.
/// </summary>
/// <param name="client">Asks the gateway.</param>
/// <param name="output">Takes what was done.</param>
/// <param name="error">Takes what was not.</param>
internal sealed class PlanApplication(GatewayClient client, TextWriter output, TextWriter error)
{
    private readonly Dictionary<PlannedAction, int> _done = [];
    private readonly List<(PlannedChange Step, GatewayAnswer Answer)> _refused = [];
    private int _failed;
    private int _left;
    private bool _isLost;

    /// <summary>Does it; returns the exit code.</summary>
    /// <exception cref="HttpRequestException">No gateway answers, from the first step on.</exception>
    public async Task<int> RunAsync(ConfigurationPlan plan)
    {
        int writes = plan.Steps.ToList().FindLastIndex(static step => step.Action != PlannedAction.Delete) + 1;
        foreach (PlannedChange step in plan.Steps.Take(writes))
            await DoAsync(step);
        await RetryAsync();
        bool written = _failed == 0;
        foreach (PlannedChange step in plan.Steps.Skip(writes))
            await (written ? DoAsync(step) : SkipAsync(step));
        string left = _left > 0 ? string.Create(CultureInfo.InvariantCulture, $", {_left} not tried") : "";
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Done(PlannedAction.Create)} created, {Done(PlannedAction.Update)} updated, {Done(PlannedAction.Delete)} deleted, {_failed} failed{left}"));
        return _failed + _left == 0 ? ExitCodes.Ok : ExitCodes.Partial;
    }

    private async Task DoAsync(PlannedChange step)
    {
        if (_isLost)
        {
            await SkipAsync(step);
            return;
        }

        GatewayAnswer answer;
        try
        {
            answer = await client.SendAsync(step.Method, await client.PathOfAsync(step.Name), step.Body, step.Seen);
        }
        catch (HttpRequestException e) when (_done.Count + _failed + _refused.Count > 0)
        {
            _isLost = true;
            await FailAsync(step, $"no gateway answers any more, so it is not known whether it was done: {e.Message}");
            return;
        }

        foreach (string warning in answer.Warnings)
            await error.WriteLineAsync($"warning: {step.Name}: {warning}");
        _isLost = answer.Status == HttpStatusCode.Unauthorized;
        if (answer.IsSuccess || (step.Action == PlannedAction.Delete && answer.Status == HttpStatusCode.NotFound))
            await SucceedAsync(step);
        else if (answer.Status == HttpStatusCode.BadRequest && step.Action != PlannedAction.Delete)
            _refused.Add((step, answer));
        else
            await FailAsync(step, answer.Status == HttpStatusCode.PreconditionFailed ? "somebody else has written it since the plan was made: " + answer.Problem : answer.Problem);
    }

    /// <summary>Tries again what was refused, as long as that gets on: a later write may have given up what an earlier one needs.</summary>
    private async Task RetryAsync()
    {
        for (int before = int.MaxValue; _refused.Count > 0 && _refused.Count < before && !_isLost;)
        {
            before = _refused.Count;
            PlannedChange[] again = [.. _refused.Select(static one => one.Step)];
            _refused.Clear();
            foreach (PlannedChange step in again)
                await DoAsync(step);
        }

        foreach ((PlannedChange step, GatewayAnswer answer) in _refused)
            await FailAsync(step, answer.Problem);
    }

    private int Done(PlannedAction action) => _done.GetValueOrDefault(action);

    private async Task SucceedAsync(PlannedChange step)
    {
        _done[step.Action] = Done(step.Action) + 1;
        await output.WriteLineAsync($"{step.Action.ToString().ToLowerInvariant()}d {step.Name}");
    }

    private async Task FailAsync(PlannedChange step, string problem)
    {
        _failed++;
        await error.WriteLineAsync($"error: {step.Name} is not {step.Action.ToString().ToLowerInvariant()}d: {problem}");
    }

    private async Task SkipAsync(PlannedChange step)
    {
        _left++;
        await error.WriteLineAsync($"error: {step.Name} is not {step.Action.ToString().ToLowerInvariant()}d: what comes before it has failed");
    }
}
