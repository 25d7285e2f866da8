using System.CommandLine;
using Headgate.CommandLine.Configuration.Gateway;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.ProxyCache;
using Headgate.Settings;

namespace Headgate.CommandLine.Configuration;

/// <summary>The commands <c>get</c>, <c>dump</c>, <c>validate</c>, <c>diff</c> and <c>apply</c>, which ask a running gateway over its Admin API (docs/reference/command-line.md).</summary>
/// <param name="load">Reads the settings of a file; null = those that <c>run</c> would take.</param>
/// <param name="output">Takes what was asked for.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class ConfigurationCommands(Func<string?, LoadedSettings> load, TextWriter output, TextWriter error)
{
    private readonly Option<string[]> _files = new("--file", "-f")
    {
        Description = "YAML or JSON; a folder: all in it; -: the standard input.",
        HelpName = "FILE",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _prune = new("--prune") { Description = "Deletes what is in no file, of the kinds that the files have lists of." };
    private readonly Argument<ResourceKind> _kind = new("kind") { Description = "upstreams, routes, ...; singular too.", HelpName = "KIND", CustomParser = ReadKind };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Command> Build(Option<string?> config)
    {
        var options = new GatewayOptions(load, config);
        return [Get(options), Dump(options), Validate(options), Diff(options), Apply(options)];
    }

    private Command Get(GatewayOptions options)
    {
        Argument<string?> id = new("id") { Description = "Only this one: an id, a consumer's name, NAME/credentials/ID, MANAGER/ID of a secret.", HelpName = "ID", Arity = ArgumentArity.ZeroOrOne };
        Option<string> format = Format("table", "table", "yaml", "json");
        var command = new Command("get", "Prints objects of a running gateway.") { _kind, id, format };
        return With(options, command, (given, call) => call.GetAsync(given.GetValue(_kind), given.GetValue(id), given.GetValue(format)!));
    }

    private Command Dump(GatewayOptions options)
    {
        Option<string?> file = new("--output", "-o") { Description = "File to write, readable by its owner alone; default: the standard output.", HelpName = "FILE" };
        Option<bool> json = new("--json") { Description = "JSON; default YAML, unless FILE ends in .json." };
        var command = new Command("dump", "Prints the whole configuration of a gateway group and workspace as a document for apply. Private keys of certificates are not in it: the API gives none back.") { file, json };
        return With(options, command, (given, call) => call.DumpAsync(given.GetValue(file), given.GetValue(json)));
    }

    private Command Validate(GatewayOptions options)
    {
        var command = new Command("validate", "Says everything that is wrong with files, without writing anything: their syntax, then what a running gateway says of them.") { _files };
        return With(options, command, (given, call) => call.ValidateAsync(given.GetValue(_files)!));
    }

    private Command Diff(GatewayOptions options)
    {
        Option<string> format = Format("text", "text", "json");
        var command = new Command("diff", "Says what apply would change. Exit code 0: nothing, 1: something, 2 and above: it cannot be said.") { _files, _prune, format };
        return With(options, command, (given, call) => call.DiffAsync(given.GetValue(_files)!, given.GetValue(_prune), given.GetValue(format) == "json"), isDiff: true);
    }

    private Command Apply(GatewayOptions options)
    {
        Option<bool> yes = new("--yes", "-y") { Description = "Does not ask." };
        Option<bool> dryRun = new("--dry-run") { Description = "Shows the plan and ends." };
        var command = new Command("apply", "Has a running gateway get what files say: shows the plan, asks, then does it.") { _files, _prune, yes, dryRun };
        return With(options, command, (given, call) => call.ApplyAsync(given.GetValue(_files)!, given.GetValue(_prune), given.GetValue(yes), given.GetValue(dryRun)));
    }

    private Command With(GatewayOptions options, Command command, Func<ParseResult, ConfigurationCall, Task<int>> run, bool isDiff = false)
    {
        options.AddTo(command);
        command.SetAction(async (given, cancellation) =>
        {
            // They say which fields are secret, and by what a consumer is found.
            PluginRules.Use(new PluginCatalog(PluginKinds.With(CacheZoneOptions.Default)));
            try
            {
                using GatewayClient client = options.Connect(given, cancellation);
                return await new ConfigurationCall(client, output, error).GuardAsync(call => run(given, call));
            }
            catch (CommandFailedException e)
            {
                await error.WriteLineAsync("error: " + e.Message);
                return e.ExitCode == ExitCodes.ConfigurationError && isDiff ? ExitCodes.DiffTrouble : e.ExitCode;
            }
        });
        return command;
    }

    private static Option<string> Format(string usual, params string[] formats)
    {
        Option<string> option = new("--output", "-o") { Description = $"{string.Join(", ", formats)}.", HelpName = string.Join('|', formats), DefaultValueFactory = _ => usual };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    private static ResourceKind ReadKind(System.CommandLine.Parsing.ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (ObjectName.FindKind(name) is { } kind)
            return kind;
        result.AddError(ObjectName.NoKind(name, ObjectName.WriteOrder));
        return default;
    }
}
