using System.CommandLine;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.ProxyCache;

namespace Headgate.CommandLine.Configuration;

/// <summary>The commands <c>get</c>, <c>dump</c>, <c>validate</c>, <c>diff</c> and <c>apply</c>, which ask a running gateway over its Admin API (docs/reference/command-line.md).</summary>
/// <param name="options">The options of all commands that ask a gateway.</param>
/// <param name="output">Takes what was asked for.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class ConfigurationCommands(GatewayOptions options, TextWriter output, TextWriter error)
{
    private readonly Option<string[]> _files = new("--file", "-f")
    {
        Description = "YAML or JSON; a folder: all in it; -: the standard input.",
        HelpName = "FILE",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _prune = new("--prune") { Description = "Deletes what is in no file, of the kinds that the files have lists of." };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Command> Build() => [Get(), Dump(), Validate(), Diff(), Apply()];

    private Command Get()
    {
        Argument<string> what = new("kind") { Description = "A kind, or one object: upstreams/web.", HelpName = "KIND[/ID]" };
        what.Validators.Add(ObjectName.Check);
        Argument<string?> own = new("id")
        {
            Description = "The same as /ID: an id, a consumer's name, NAME/credentials/ID, MANAGER/ID of a secret.",
            HelpName = "ID",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<long?> revision = RevisionOption.Make(isRequired: false);
        Option<string> format = OutputFormat.Option();
        var command = new Command("get", "Prints objects of a running gateway.") { what, own, revision, format };
        return Complete(command, (given, call) =>
        {
            string text = given.GetValue(own) is { } id ? $"{given.GetValue(what)}/{id}" : given.GetValue(what)!;
            (ResourceKind kind, string? one) = ObjectName.Read(text);
            return call.GetAsync(kind, one, given.GetValue(revision), given.GetValue(format)!);
        });
    }

    private Command Dump()
    {
        Option<string?> file = new("--file", "-f") { Description = "File to write, readable by its owner alone; default: the standard output.", HelpName = "FILE" };
        Option<string?> format = OutputFormat.OfData("Default: yaml, unless FILE ends in .json.");
        var command = new Command("dump", "Prints the whole configuration of a gateway group and workspace as a document for apply. Private keys of certificates are not in it: the API gives none back.") { file, format };
        return Complete(command, (given, call) => call.DumpAsync(given.GetValue(file), given.GetValue(format)));
    }

    private Command Validate()
    {
        var command = new Command("validate", "Says everything that is wrong with files, without writing anything: their syntax, then what a running gateway says of them.") { _files };
        return Complete(command, (given, call) => call.ValidateAsync(given.GetValue(_files)!));
    }

    private Command Diff()
    {
        Option<string> format = OutputFormat.Option();
        var command = new Command("diff", "Says what apply would change. Exit code 0: nothing, 1: something, 2 and above: it cannot be said.") { _files, _prune, format };
        return Complete(command, (given, call) => call.DiffAsync(given.GetValue(_files)!, given.GetValue(_prune), given.GetValue(format)!), wrong: ExitCodes.DiffTrouble);
    }

    private Command Apply()
    {
        Option<bool> yes = Confirmation.Option();
        Option<bool> dryRun = Confirmation.DryRunOption();
        var command = new Command("apply", "Has a running gateway get what files say: shows the plan, asks, then does it.") { _files, _prune, yes, dryRun };
        return Complete(command, (given, call) => call.ApplyAsync(given.GetValue(_files)!, given.GetValue(_prune), given.GetValue(yes), given.GetValue(dryRun)), writes: true);
    }

    private Command Complete(Command command, Func<ParseResult, ConfigurationCall, Task<int>> run, bool writes = false, int wrong = ExitCodes.ConfigurationError) => options.Complete(
        command,
        (given, client, _) =>
        {
            // They say which fields are secret, and by what a consumer is found.
            PluginRules.Use(new PluginCatalog(PluginKinds.With(CacheZoneOptions.Default)));
            return run(given, new ConfigurationCall(client, output, error));
        },
        writes,
        wrong);
}
