using Headgate.Control.Explain;
using Headgate.Control.Nodes;
using Headgate.Control.Overrides;
using Headgate.Control.Registries;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Line;

/// <summary>Who in an instance answers what control planes ask.</summary>
public static class InstanceAnswers
{
    /// <summary>Has the instance answer questions from now on. Before its first line.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="store">Its configuration, secrets in clear; only read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logging">Where to log.</param>
    public static void AnswerFrom(this LocalInstance instance, IConfigStore store, TimeProvider time, ILoggerFactory logging)
    {
        ArgumentNullException.ThrowIfNull(instance);
        InstanceParts parts = instance.Parts;
        var questions = new InstanceQuestions(logging.CreateLogger<LocalInstance>());
        var overrides = new OverrideJudge(parts);
        var nodes = new NodesApiHandler(parts.Upstreams, parts.LatencyClockMs);
        questions.Add("overrides/judge", request => ValueTask.FromResult(overrides.Judge(request)));
        questions.Add("overrides", _ => ValueTask.FromResult(overrides.Acting()));
        questions.Add("explain/recent", request => ValueTask.FromResult(ExplainApiRegistration.Recent(parts.Recent, request.Query)));
        questions.Add("explain", request => ValueTask.FromResult(ExplainApiRegistration.Answer(parts.Explainer, request.Body)));
        questions.Add("*/*/nodes/*/timeline", request => ValueTask.FromResult(nodes.Timeline(request)));
        questions.Add("*/*/timeline", request => ValueTask.FromResult(nodes.UpstreamTimeline(request)));
        questions.Add("*/*/nodes/*", request => ValueTask.FromResult(nodes.One(request)));
        questions.Add("*/*/nodes", request => ValueTask.FromResult(nodes.All(request)));
        var registries = new RegistryAnswers(parts, store, time);
        questions.Add("gateway_groups/*/service_registries", registries.RegistriesAsync);
        questions.Add("gateway_groups/*/discovery", registries.DiscoveryAsync);
        instance.Questions = questions;
    }
}
