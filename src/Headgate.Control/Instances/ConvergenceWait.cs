using System.Globalization;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Instances;

/// <summary>
/// <c>?wait=MILLISECONDS</c> on a write: it is answered when every instance of the gateway group runs it, or when the time is over, with 202 then. Named as the wait of APISIX's API-driven
/// standalone, which waits for the workers of one instance.
/// </summary>
internal sealed class ConvergenceWait(Convergence convergence)
{
    private const string Argument = "wait";
    private const int MillisecondsMax = 60_000;

    /// <summary>Null when the argument is not there, or can be followed; else the refusal, before anything is written.</summary>
    public static AdminResponse? Check(HttpRequest request, string[] path)
    {
        if (!request.Query.ContainsKey(Argument))
            return null;
        if (Read(request) is null)
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"invalid argument {Argument}; allowed: milliseconds from 0 to {MillisecondsMax}");
        return IsRun(path) ? null : AdminResponse.Error(StatusCodes.Status400BadRequest, $"{Argument} is for writes of what instances run: objects, overrides, service registries; nothing was done");
    }

    /// <summary>The answer to a write, with how far the instances have come when that was asked for.</summary>
    public async ValueTask<AdminResponse> AfterAsync(AdminResponse answer, AdminRequest request, HttpRequest http)
    {
        if (answer.Status is not (200 or 201) || (answer.Written ?? answer.Revision) is not { } revision || !UnavailableKinds.IsWrite(request.Method) || request.IsDryRun || Read(http) is not { } wait)
            return answer;
        string group = request.Segments is ["gateway_groups", var named, _, ..] ? named : request.Address.Group;
        Converged converged = await convergence.WaitAsync(group, revision, wait, onlyConnected: false, request.Aborted);
        JsonElement body = JsonElement.Parse(answer.Body.Span);
        return AdminResponse.Object(converged.IsComplete ? answer.Status : StatusCodes.Status202Accepted, (body, converged), static (writer, state) =>
        {
            foreach (JsonProperty member in state.body.EnumerateObject())
                member.WriteTo(writer);
            writer.WriteStartObject("convergence");
            InstanceJson.WriteConverged(writer, state.converged);
            writer.WriteEndObject();
        }, answer.Revision, answer.Warnings, answer.Headers);
    }

    /// <summary>Whether a path leads to what instances run; users, groups and the like concern control planes alone.</summary>
    private static bool IsRun(string[] path)
    {
        string kind = path is ["gateway_groups", _, var below, ..] ? below : path.FirstOrDefault() ?? "";
        return ResourceKinds.Apisix.Append(ResourceKind.ServiceRegistry).Append(ResourceKind.Override).Any(known => known.Plural() == kind);
    }

    private static TimeSpan? Read(HttpRequest request) =>
        int.TryParse(request.Query[Argument], NumberStyles.None, CultureInfo.InvariantCulture, out int ms) && ms <= MillisecondsMax ? TimeSpan.FromMilliseconds(ms) : null;
}
