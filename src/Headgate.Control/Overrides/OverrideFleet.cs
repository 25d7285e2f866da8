using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Overrides;

/// <summary>What the instances of a gateway group know of overrides.</summary>
internal sealed class OverrideFleet(InstanceAsking asking, Convergence convergence, string group)
{
    /// <summary>An instance serves what was written within milliseconds; one that is busy or stuck keeps no operator waiting for longer.</summary>
    private static readonly TimeSpan ServedMax = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Why an override may not be given; null = it may. Every instance is asked: each may see other nodes down, and none may be left without. One that serves no such node has no say, unless
    /// none does. <paramref name="revision"/>: what they should know first.
    /// </summary>
    public async ValueTask<AdminResponse?> RefusalAsync(OverrideTarget target, OverrideRequest wanted, long revision, IReadOnlyList<OverrideConfig> stored, CancellationToken cancellationToken)
    {
        await WaitAsync(revision, cancellationToken);
        var question = new InstanceQuestion("POST", "overrides/judge", OverrideJudge.Question(target, wanted, stored));
        IReadOnlyList<(Instance Instance, InstanceAnswer Answer)> judged = await asking.AskAllAsync(group, question, cancellationToken);
        if (judged.Count == 0)
            return wanted.Kind.Withdraws() && wanted.RemainingMin > 0 ? InstanceAsking.Nobody(group) : null;
        (Instance Instance, InstanceAnswer Answer)? refused = judged.Cast<(Instance Instance, InstanceAnswer Answer)?>().FirstOrDefault(static one => one!.Value.Answer.Status == StatusCodes.Status409Conflict);
        if (refused is null && judged.All(static one => one.Answer.Status != StatusCodes.Status200OK))
            refused = judged[0];
        return refused is { } first ? InstanceAsking.Response(first.Instance, first.Answer) : null;
    }

    /// <summary>What has become of overrides, over all instances together, in their order; null = none of them acts on any.</summary>
    public async ValueTask<IReadOnlyList<ActingOverride?>> ActingAsync(IReadOnlyList<OverrideConfig> configs, CancellationToken cancellationToken)
    {
        var acting = new ActingOverride?[configs.Count];
        foreach ((_, InstanceAnswer answer) in await asking.AskAllAsync(group, new InstanceQuestion("GET", "overrides"), cancellationToken))
        {
            if (answer.Status != StatusCodes.Status200OK)
                continue; // an older instance, or one that failed at it
            Dictionary<string, JsonElement> told = answer.Body.GetProperty("list").EnumerateArray().ToDictionary(static one => one.GetProperty("id").GetString()!);
            for (int i = 0; i < acting.Length; i++)
            {
                if (told.TryGetValue(configs[i].Target.Id, out JsonElement one) && ActingOverride.Read(one, configs[i]) is { } here)
                    acting[i] = acting[i]?.With(here) ?? here;
            }
        }

        return acting;
    }

    /// <summary>What has become of one.</summary>
    public async ValueTask<ActingOverride?> ActingAsync(OverrideConfig config, CancellationToken cancellationToken) => (await ActingAsync([config], cancellationToken))[0];

    /// <summary>Waits until the instances that are there serve a revision, a bounded time: what is known then is good enough to look at, and the write is stored.</summary>
    public async ValueTask WaitAsync(long revision, CancellationToken cancellationToken) => await convergence.WaitAsync(group, revision, ServedMax, onlyConnected: true, cancellationToken);
}
