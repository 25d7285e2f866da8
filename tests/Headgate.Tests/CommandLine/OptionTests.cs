using System.CommandLine;
using Headgate.CommandLine;
using Headgate.Tests.Tidy;

namespace Headgate.Tests.CommandLine;

/// <summary>One set of options over all commands.</summary>
public sealed class OptionTests
{
    private const string Reference = "docs/reference/command-line.md";

    /// <summary>Those that ask no gateway.</summary>
    private static readonly string[] Local = ["run", "check", "demo", "version"];

    /// <summary>Those that change something.</summary>
    private static readonly string[] Writers = ["apply", "restore", "drain", "force"];

    [Fact]
    public void AskingCommand_TakesWhatItFindsItsGatewayBy()
    {
        string[] expected = ["--admin", "--ca", "--cert", "--cert-key", "--config", "--group", "--key-file", "--workspace"];

        Commands().Where(static one => !Local.Contains(one.Name)).SelectMany(one => expected.Except(Names(one.Command)).Select(missing => $"{one.Name} lacks {missing}")).ShouldBeEmpty();
    }

    [Fact]
    public void WritingCommand_TakesAMessage_AndNoOther() =>
        Commands().Where(static one => Names(one.Command).Contains("--message")).Select(static one => one.Name).Order().ShouldBe(Writers.Order());

    [Fact]
    public void PlanningCommand_AsksAndTriesOut() =>
        Commands().Where(static one => Names(one.Command).Contains("--yes")).ShouldAllBe(static one => Names(one.Command).Contains("--dry-run"));

    /// <summary>Files are the one exception: dump writes one, the others read several.</summary>
    [Fact]
    public void Option_OfOneName_IsTheSameEverywhere() =>
        Commands().SelectMany(static one => one.Command.Options).Where(static option => option.Name is not ("--file" or "--output"))
            .GroupBy(static option => option.Name, static option => $"{string.Join(' ', option.Aliases)} {option.HelpName}: {option.Description}")
            .Where(static group => group.Distinct().Count() > 1).Select(static group => group.Key).ShouldBeEmpty();

    [Fact]
    public void EveryCommandAndOption_IsDescribedForUsersAndInTheReference()
    {
        string text = Repository.Text(Reference) + Repository.Text("docs/reference/overrides.md") + Repository.Text("docs/reference/explain.md") + Repository.Text("docs/reference/service-registry.md");

        Commands().Where(static one => string.IsNullOrEmpty(one.Command.Description) || one.Command.Options.Any(static option => string.IsNullOrEmpty(option.Description))).Select(static one => one.Name).ShouldBeEmpty();
        Commands().SelectMany(static one => one.Command.Options, static (one, option) => (one.Name, Option: option.Name)).Where(pair => !text.Contains(pair.Option, StringComparison.Ordinal)).ShouldBeEmpty();
        Commands().Select(static one => one.Name.Split(' ')[^1]).Where(name => !text.Contains($"`{name}`", StringComparison.Ordinal) && !text.Contains($"headgate {name}", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string[] Names(Command command) => [.. command.Options.Select(static option => option.Name)];

    /// <summary>Commands that do something, with their whole names.</summary>
    private static IEnumerable<(string Name, Command Command)> Commands() =>
        new GatewayCommands(TextWriter.Null, TextWriter.Null).Build().Subcommands.SelectMany(static command => Leaves("", command));

    private static IEnumerable<(string Name, Command Command)> Leaves(string prefix, Command command) =>
        command.Subcommands.Count == 0 ? [(prefix + command.Name, command)] : command.Subcommands.SelectMany(below => Leaves($"{prefix}{command.Name} ", below));
}
