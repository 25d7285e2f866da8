using System.Collections;
using System.CommandLine;
using Headgate.CommandLine.Configuration;
using Headgate.CommandLine.Discovery;
using Headgate.CommandLine.Gateway;
using Headgate.CommandLine.History;
using Headgate.CommandLine.Overrides;
using Headgate.Demo;
using Headgate.Hosting;
using Headgate.Settings;

namespace Headgate.CommandLine;

/// <summary>The command line; what all commands are, is in docs/reference/command-line.md.</summary>
/// <param name="output">Takes what was asked for.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class GatewayCommands(TextWriter output, TextWriter error)
{
    private const string DefaultFile = "./config.yaml";

    /// <summary>Runs a command line to its end; returns the exit code (<see cref="ExitCodes"/>).</summary>
    public async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(e => e.Message))
                await error.WriteLineAsync($"error: {message}");
            await error.WriteLineAsync("headgate --help shows the commands");
            return parsed.CommandResult.Command.Name == "diff" ? ExitCodes.DiffTrouble : ExitCodes.ConfigurationError;
        }

        // Signals are ours (ShutdownSignals): this library's handler would give a stop two seconds.
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null });
    }

    /// <summary>All commands.</summary>
    internal RootCommand Build()
    {
        Option<string?> config = new("--config") { Description = $"Configuration file; default {DefaultFile} when there is one.", HelpName = "FILE" };
        var run = new Command("run", "Starts the gateway.");
        run.SetAction((result, _) => RunGatewayAsync(result.GetValue(config)));
        var check = new Command("check", "Reads the configuration and prints its errors and warnings.");
        check.SetAction((result, _) => CheckAsync(result.GetValue(config)));
        var demo = new Command("demo", "Starts the gateway on an empty store, with three demo nodes, an upstream and a route.");
        demo.SetAction((result, _) => DemoAsync(result.GetValue(config)));
        var version = new Command("version", "Prints the version.");
        version.SetAction((_, _) => PrintVersionAsync());
        foreach (Command command in (Command[])[run, check, demo])
            command.Add(config);
        var options = new GatewayOptions(file => SettingsReader.Load(Find(file), ReadEnvironment()), config, error);
        var overrides = new OverrideCommands(options, output);
        var history = new HistoryCommands(options, output, error);
        var root = new RootCommand("Headgate, an API gateway.") { run, check, demo, version };
        foreach (Command command in new ConfigurationCommands(options, output, error).Build())
            root.Add(command);
        foreach (Command command in (Command[])
            [history.History(), history.Restore(), new ExplainCommand(options, output).Build(), overrides.Drain(), overrides.Force(), new DiscoveryCommands(options, output).Build()])
        {
            root.Add(command);
        }

        return root;
    }

    private async Task<int> RunGatewayAsync(string? file)
    {
        LoadedSettings? loaded = await LoadAsync(file);
        return loaded is null ? ExitCodes.ConfigurationError : await GatewayRun.RunAsync(loaded.Settings, null, output, error);
    }

    private async Task<int> DemoAsync(string? file)
    {
        LoadedSettings? loaded = await LoadAsync(file);
        return loaded is null ? ExitCodes.ConfigurationError : await DemoRun.RunAsync(loaded.Settings, output, error);
    }

    private async Task<int> CheckAsync(string? file)
    {
        string? found = Find(file);
        LoadedSettings loaded = ListenerCertificates.Check(SettingsReader.Load(found, ReadEnvironment()));
        await PrintAsync(loaded, output);
        string name = found ?? $"no configuration file ({DefaultFile} does not exist), defaults and environment";
        await output.WriteLineAsync($"{name}: {Count(loaded.Errors.Count, "error")}, {Count(loaded.Warnings.Count, "warning")}");
        return loaded.IsValid ? ExitCodes.Ok : ExitCodes.ConfigurationError;
    }

    private async Task<int> PrintVersionAsync()
    {
        await output.WriteLineAsync($"headgate {GatewayVersion.Text}");
        return ExitCodes.Ok;
    }

    private async Task<LoadedSettings?> LoadAsync(string? file)
    {
        LoadedSettings loaded = SettingsReader.Load(Find(file), ReadEnvironment());
        await PrintAsync(loaded, error);
        return loaded.IsValid ? loaded : null;
    }

    private static async Task PrintAsync(LoadedSettings loaded, TextWriter writer)
    {
        foreach (SettingProblem problem in loaded.Errors)
            await writer.WriteLineAsync($"error: {problem}");
        foreach (SettingProblem problem in loaded.Warnings)
            await writer.WriteLineAsync($"warning: {problem}");
    }

    private static string? Find(string? file) => file ?? (File.Exists(DefaultFile) ? DefaultFile : null);

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static Dictionary<string, string> ReadEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
