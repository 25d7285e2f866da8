using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.FleetHealth;

/// <summary>What the instances of a gateway group answered to one question, those that are offline aside.</summary>
internal sealed class FleetAnswers
{
    private readonly HashSet<string> _unknown;

    private FleetAnswers(IReadOnlyList<(string Instance, JsonElement Body)> views, IReadOnlyList<string> instances, HashSet<string> unknown) => (Views, Instances, _unknown) = (views, instances, unknown);

    /// <summary>The answers of those that know what was asked for, at least one; the one that runs the newest revision first: what a node is, it says.</summary>
    public IReadOnlyList<(string Instance, JsonElement Body)> Views { get; }

    /// <summary>Ids of all instances, in their order.</summary>
    public IReadOnlyList<string> Instances { get; }

    /// <summary>Those that did not answer.</summary>
    public IEnumerable<string> Unknown => Instances.Where(IsUnknown);

    /// <summary>Whether an instance did not answer.</summary>
    public bool IsUnknown(string instance) => _unknown.Contains(instance);

    /// <summary>Asks all instances that are there. The refusal when none of them knows what is asked for, or none can be asked.</summary>
    public static async ValueTask<(AdminResponse? Refusal, FleetAnswers? Answers)> AskAsync(InstanceAsking asking, Fleet fleet, AdminRequest request)
    {
        string group = request.Address.Group;
        IReadOnlyList<(Instance Instance, InstanceAnswer Answer)> all = await asking.AskAllAsync(group, request.ToQuestion(), request.Aborted);
        (Instance Instance, InstanceAnswer Answer)[] answers = [.. all.OrderByDescending(static one => one.Instance.Running.Revision)];
        (Instance Instance, InstanceAnswer Answer)[] knowing = [.. answers.Where(static one => one.Answer.Status == StatusCodes.Status200OK)];
        IReadOnlyList<Instance> known = fleet.Of(group);
        if (knowing.Length == 0)
            return (answers is [var first, ..] ? InstanceAsking.Response(first.Instance, first.Answer) : known.Any(static instance => instance.Line is not null) ? Silent(group) : InstanceAsking.Nobody(group), null);
        HashSet<string> said = [.. answers.Where(static one => one.Answer.Status is StatusCodes.Status200OK or StatusCodes.Status404NotFound).Select(static one => one.Instance.Identity.Id)];
        string[] ids = [.. known.Where(instance => !instance.IsOffline || said.Contains(instance.Identity.Id)).Select(static instance => instance.Identity.Id)];
        return (null, new FleetAnswers([.. knowing.Select(static one => (one.Instance.Identity.Id, one.Answer.Body))], ids, [.. ids.Where(id => !said.Contains(id))]));
    }

    private static AdminResponse Silent(string group) => AdminResponse.Error(
        StatusCodes.Status503ServiceUnavailable, $"no instance of gateway group {group} has answered in time, and only they know this; GET /api/gateway_groups/{group}/instances says how they are");
}
