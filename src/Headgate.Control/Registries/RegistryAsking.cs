using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Control.Registries;

/// <summary>Asks registries what a person wants to know while they fill in a form: is it there, which services has it, which instances. A registry that gives no answer is 502.</summary>
internal sealed class RegistryAsking(KnownRegistries known, IRegistryQuestions questions, TimeProvider time)
{
    private const int ServicesDefault = 100;
    private const int ServicesMax = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Tries whether a registry can be reached: as the body says, or as it is configured. <paramref name="id"/>: null = the body alone counts.</summary>
    public async ValueTask<AdminResponse> TestAsync(string? id, AdminRequest request)
    {
        KnownRegistry? registry = null;
        if (id is not null && (registry = await known.FindAsync(id, request.Aborted)) is null)
            return AdminResponse.KeyNotFound();
        (RegistryConfig Config, TimeSpan Timeout) tested;
        if (registry is { Entry: null, View: { } view } && request.Body is null)
            tested = (view.Config, Patience);
        else if (Read(request.Body ?? (registry?.Entry is { } entry ? JsonElement.Parse(entry.Value.Span) : null), registry, out ServiceRegistryConfig? parsed) is { } refusal)
            return refusal;
        else
            tested = (parsed!.Registry, parsed.ProbeTimeout);
        long began = time.GetTimestamp();
        RegistryTrial trial = new(null, null);
        string? failure = await FailureAsync(async () => trial = await questions.TestAsync(tested.Config, tested.Timeout, request.Aborted));
        return AdminResponse.Object(200, (failure, trial, tookMs: (long)time.GetElapsedTime(began).TotalMilliseconds), static (writer, state) =>
        {
            writer.WriteStartObject("value");
            writer.WriteString("status", RegistryJson.Name(state.failure is null ? RegistryStatus.Healthy : RegistryStatus.Lost));
            if (state.failure is not null)
                writer.WriteString("status_reason", state.failure);
            if (state.trial.Services is { } services)
                writer.WriteNumber("services", services);
            if (state.trial.WhyNone is { } why)
                writer.WriteString("services_reason", why);
            writer.WriteNumber("took_ms", state.tookMs);
            writer.WriteEndObject();
        });
    }

    /// <summary>The services that a registry has: the first of them, or a page of those whose names contain <c>search</c>.</summary>
    public async ValueTask<AdminResponse> ServicesAsync(string id, AdminRequest request)
    {
        string search = request.Query["search"].ToString();
        bool isSearch = search.Length > 0 || request.Query.ContainsKey("page") || request.Query.ContainsKey("page_size");
        if (Page.Number(request.Query, "max", isSearch ? ServicesMax : ServicesDefault) is not { } max || max is < 1 or > ServicesMax)
            return AdminResponse.Error(400, $"invalid argument max; allowed: 1 to {ServicesMax}");
        if (await known.FindAsync(id, request.Aborted) is not { View: { } view })
            return AdminResponse.KeyNotFound();
        IReadOnlyList<string> names = [];
        string? failure = await FailureAsync(async () =>
        {
            Task<IReadOnlyList<string>> listing = questions.ListServicesAsync(view.Name, max, request.Aborted);
            names = await listing.WaitAsync(Patience, time, request.Aborted);
        });
        if (failure is not null)
            return AdminResponse.Error(502, failure);
        string[] found = [.. names.Where(name => name.Contains(search, StringComparison.OrdinalIgnoreCase))];
        if (Page.Read(request.Query, found.Length, out Page page) is { } refusal)
            return refusal;
        return AdminResponse.Object(200, (found, page), static (writer, state) =>
        {
            writer.WriteTexts("list", state.page.Of(state.found));
            writer.WriteNumber("total", state.found.Length);
        });
    }

    /// <summary>The instances of a service, given the discovery arguments of the query.</summary>
    public async ValueTask<AdminResponse> InstancesAsync(string id, string service, AdminRequest request)
    {
        if (await known.FindAsync(id, request.Aborted) is not { View: { } view } registry)
            return AdminResponse.KeyNotFound();
        // A slash within a name arrives as it is or as %2F, which the server leaves alone.
        string name = service.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var key = new ServiceKey(view.Config.Type, registry.Entry is null ? null : registry.Id, name, DiscoveryArgumentsJson.Read(request.Query));
        ServiceAnswer answer = new([]);
        string? failure = await FailureAsync(async () => answer = await questions.AskAsync(key, Patience, request.Aborted));
        return failure is not null ? AdminResponse.Error(502, failure) : AdminResponse.Object(200, answer, static (writer, found) =>
        {
            DiscoveryJson.WriteInstances(writer, "list", found.Instances);
            writer.WriteNumber("total", found.Instances.Count);
            DiscoveryJson.WriteProblems(writer, found.Problems);
        });
    }

    /// <summary>Why there was no answer; null = there was one.</summary>
    private static async Task<string?> FailureAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (RegistryException e)
        {
            return e.Message;
        }
        catch (TimeoutException)
        {
            return $"the registry does not answer within {Patience.TotalSeconds:0} s";
        }
    }

    private static AdminResponse? Read(JsonElement? body, KnownRegistry? registry, out ServiceRegistryConfig? parsed)
    {
        parsed = null;
        if (ConnectionDraft.Make(body, registry?.Entry, out JsonElement draft) is { } refusal)
            return refusal;
        var errors = new ConfigErrors();
        parsed = ConfigParser.ParseServiceRegistry(registry?.Id ?? "", draft, errors);
        return parsed is null ? AdminResponse.Refused(errors.Errors) : null;
    }
}
