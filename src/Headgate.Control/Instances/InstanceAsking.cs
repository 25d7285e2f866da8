using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Line;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Instances;

/// <summary>Asks instances of a gateway group what only they know. Which one answered stands in a header of the answer, or beside it.</summary>
internal sealed class InstanceAsking(Fleet fleet)
{
    /// <summary>Names the instance that gave an answer.</summary>
    public const string Header = "X-Headgate-Instance";

    /// <summary>Names the instance that is to be asked; without it any is.</summary>
    public const string Argument = "instance_id";

    /// <summary>When all are asked, who has not answered by then is left out.</summary>
    private static readonly TimeSpan AllMax = TimeSpan.FromSeconds(5);

    /// <summary>Asks one: that of the request's <see cref="Argument"/>, else the one in this process, else the first that answers; one that has fallen silent comes last.</summary>
    public async ValueTask<AdminResponse> AskOneAsync(string group, InstanceQuestion question, AdminRequest request)
    {
        if (request.Query[Argument].ToString() is { Length: > 0 } wanted)
        {
            return fleet.Find(group, wanted) is { } named ? await AskAsync(named, question, request.Aborted)
                : AdminResponse.Error(StatusCodes.Status404NotFound, $"gateway group {group} has no instance {wanted}; GET /api/gateway_groups/{group}/instances lists those it has");
        }

        AdminResponse? failed = null;
        foreach (Instance instance in Reachable(group))
        {
            AdminResponse answer = await AskAsync(instance, question, request.Aborted);
            if (answer.Status != StatusCodes.Status503ServiceUnavailable)
                return answer;
            failed = answer;
        }

        return failed ?? Nobody(group);
    }

    /// <summary>Asks all that can be asked, at once; those that gave no answer are left out.</summary>
    public async ValueTask<IReadOnlyList<(Instance Instance, InstanceAnswer Answer)>> AskAllAsync(string group, InstanceQuestion question, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(AllMax);
        (Instance, InstanceAnswer)?[] answers = await Task.WhenAll(Reachable(group).Select(instance => TryAskAsync(instance, question, bound.Token)));
        cancellationToken.ThrowIfCancellationRequested();
        return [.. answers.OfType<(Instance, InstanceAnswer)>()];
    }

    /// <summary>The answer when nobody can be asked.</summary>
    public static AdminResponse Nobody(string group) => AdminResponse.Error(
        StatusCodes.Status503ServiceUnavailable, $"no instance of gateway group {group} is connected to this control plane, and only they know this; GET /api/gateway_groups/{group}/instances says how they are");

    /// <summary>An instance's answer as it is given on.</summary>
    public static AdminResponse Response(Instance instance, InstanceAnswer answer) => AdminResponse.Object(answer.Status, answer.Body, static (writer, body) =>
    {
        foreach (JsonProperty member in body.EnumerateObject())
            member.WriteTo(writer);
    }, answer.Revision, headers: [(Header, instance.Identity.Id)]);

    private IEnumerable<Instance> Reachable(string group) => fleet.Of(group).Where(static instance => instance.Line is not null).OrderByDescending(static instance => instance.IsLocal).ThenByDescending(static instance => instance.IsFresh);

    private static async ValueTask<AdminResponse> AskAsync(Instance instance, InstanceQuestion question, CancellationToken cancellationToken)
    {
        string id = instance.Identity.Id;
        try
        {
            if (instance.Line is not { } line)
                return AdminResponse.Error(StatusCodes.Status503ServiceUnavailable, $"instance {id} is not connected to this control plane; it was last heard at {instance.Heard:u}");
            return Response(instance, await line.AskAsync(question, cancellationToken));
        }
        catch (LineException e)
        {
            return AdminResponse.Error(StatusCodes.Status503ServiceUnavailable, $"instance {id} did not answer: {e.Message}");
        }
    }

    private static async Task<(Instance, InstanceAnswer)?> TryAskAsync(Instance instance, InstanceQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return instance.Line is { } line ? (instance, await line.AskAsync(question, cancellationToken)) : null;
        }
        catch (Exception e) when (e is LineException or OperationCanceledException)
        {
            return null;
        }
    }
}
