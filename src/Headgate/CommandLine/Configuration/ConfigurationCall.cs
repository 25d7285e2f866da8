using System.Globalization;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Documents;
using Headgate.CommandLine.Configuration.Files;
using Headgate.CommandLine.Configuration.Live;
using Headgate.CommandLine.Configuration.Planning;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;
using Headgate.Settings;

namespace Headgate.CommandLine.Configuration;

/// <summary>One command about configuration: asks the gateway, prints what it says, and knows the exit code.</summary>
internal sealed class ConfigurationCall(GatewayClient client, TextWriter output, TextWriter error)
{
    private readonly LiveConfiguration _live = new(client);

    /// <summary>Prints the objects of a kind, or one; as they are, or as they were after <paramref name="revision"/>.</summary>
    public async Task<int> GetAsync(ResourceKind kind, string? id, long? revision, string format)
    {
        IReadOnlyList<LiveObject> found = revision is { } then ? await new PastConfiguration(client, then).ReadAsync(kind, id)
            : id is null ? await _live.ReadAsync([kind])
            : [await _live.FindAsync(new ObjectName(kind, id)) ?? throw new CommandFailedException(ExitCodes.Refused, $"there is no {new ObjectName(kind, id)}")];
        JsonNode shown = id is null ? new JsonArray([.. found.Select(static one => (JsonNode)one.Value)]) : found[0].Value;
        await OutputFormat.PrintAsync(output, format, shown, () => ObjectTable.Of(found));
        return ExitCodes.Ok;
    }

    /// <summary>Prints everything, or writes it to a file.</summary>
    public async Task<int> DumpAsync(string? file, string? format)
    {
        IReadOnlyList<LiveObject> all = await _live.ReadAsync(ObjectName.Listed.Append(ResourceKind.Credential));
        string document = (format ?? (Path.GetExtension(file) == ".json" ? OutputFormat.Json : OutputFormat.Yaml)) == OutputFormat.Json ? DumpDocument.Json(all) : DumpDocument.Yaml(all);
        if (file is null)
        {
            await output.WriteAsync(document);
            return ExitCodes.Ok;
        }

        await PrivateFile.WriteAsync(file, document);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{file}: {all.Count} objects"));
        return ExitCodes.Ok;
    }

    /// <summary>Prints every problem of files.</summary>
    public async Task<int> ValidateAsync(IReadOnlyList<string> files)
    {
        WantedConfiguration wanted = Read(files);
        await CheckAsync(wanted);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{wanted.Objects.Count} objects, no problem"));
        return ExitCodes.Ok;
    }

    /// <summary>Prints what <see cref="ApplyAsync"/> would do.</summary>
    public async Task<int> DiffAsync(IReadOnlyList<string> files, bool prune, string format)
    {
        ConfigurationPlan plan = await PlanAsync(Read(files), prune);
        await OutputFormat.PrintAsync(output, format, PlanText.Data(plan), () => $"{PlanText.Steps(plan)}{PlanText.Counts(plan)}\n");
        return plan.Steps.Count == 0 ? ExitCodes.Ok : ExitCodes.Differs;
    }

    /// <summary>Shows the plan, asks, and carries it out.</summary>
    public async Task<int> ApplyAsync(IReadOnlyList<string> files, bool prune, bool yes, bool dryRun)
    {
        WantedConfiguration wanted = Read(files);
        await CheckAsync(wanted);
        ConfigurationPlan plan = await PlanAsync(wanted, prune);
        await output.WriteAsync($"{PlanText.Steps(plan)}{PlanText.Counts(plan)}\n");
        if (plan.Steps.Count == 0 || dryRun)
            return ExitCodes.Ok;
        await Confirmation.RequireAsync(output, yes);
        return await new PlanApplication(client, output, error).RunAsync(plan);
    }

    private static WantedConfiguration Read(IReadOnlyList<string> files)
    {
        var problems = new SettingProblems();
        WantedConfiguration wanted = ConfigurationFiles.Read(files, Console.In, problems);
        ThrowIfAny(problems);
        return wanted;
    }

    private static void ThrowIfAny(SettingProblems problems)
    {
        if (problems.Errors.Count > 0)
            throw new CommandFailedException(ExitCodes.ConfigurationError, string.Join("\nerror: ", problems.Errors));
    }

    private async Task CheckAsync(WantedConfiguration wanted)
    {
        var problems = new SettingProblems();
        await new ConfigurationValidation(client, problems).RunAsync(wanted);
        ThrowIfAny(problems);
    }

    private async Task<ConfigurationPlan> PlanAsync(WantedConfiguration wanted, bool prune) =>
        ConfigurationPlan.Make(wanted, await _live.ReadAsync(ConfigurationPlan.KindsOf(wanted)), prune);
}
