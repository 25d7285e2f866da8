using System.CommandLine;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;

namespace Headgate.CommandLine.History;

/// <summary>The commands <c>history</c> and <c>restore</c>, which ask a running gateway over its API of revisions (docs/reference/revisions.md).</summary>
/// <param name="options">The options of all commands that ask a gateway.</param>
/// <param name="output">Takes what was asked for.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class HistoryCommands(GatewayOptions options, TextWriter output, TextWriter error)
{
    private const int LimitDefault = 50;

    /// <summary>Members of the API's query, with the options that give them.</summary>
    private readonly (string Argument, Option<string?> Option)[] _filters =
    [
        ("key", new("--key") { Description = "Only keys that begin so: consumers/jack is the consumer and its credentials.", HelpName = "PREFIX" }),
        ("who", new("--who") { Description = "Only what this one wrote.", HelpName = "NAME" }),
        ("from", new("--from") { Description = "Not before: 2026-01-31T12:00:00Z, or seconds of Unix time.", HelpName = "TIME" }),
        ("to", new("--to") { Description = "Before that time.", HelpName = "TIME" }),
        ("before", new("--before") { Description = "Only revisions before this one: the next page.", HelpName = "REVISION" }),
    ];

    /// <summary><c>history</c>.</summary>
    public Command History()
    {
        Argument<string?> what = new("object") { Description = "upstreams/web; a kind: all of its objects; default: everything.", HelpName = "KIND[/ID]", Arity = ArgumentArity.ZeroOrOne };
        what.Validators.Add(ObjectName.Check);
        Option<int> limit = new("--limit") { Description = "Changes at most.", HelpName = "N", DefaultValueFactory = _ => LimitDefault };
        limit.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--limit: give a number from 1");
        });
        Option<string> format = OutputFormat.Option();
        var command = new Command("history", "Prints what was changed, newest first: who, when, from where, why, and the fields.") { what, limit };
        foreach ((_, Option<string?> filter) in _filters)
            command.Add(filter);
        command.Add(format);
        return options.Complete(command, (given, client, _) =>
        {
            List<(string Name, string Value)> query = [.. _filters.Where(filter => given.GetValue(filter.Option) is not null).Select(filter => (filter.Argument, given.GetValue(filter.Option)!))];
            if (given.GetValue(what) is { } text)
                query.AddRange(Named(text));
            return new HistoryCall(client, output).ListAsync(query, given.GetValue(limit), given.GetValue(format)!);
        });
    }

    /// <summary><c>restore</c>.</summary>
    public Command Restore()
    {
        Argument<string> what = new("object") { Description = "upstreams/web, consumers/NAME/credentials/ID, secrets/MANAGER/ID.", HelpName = "KIND/ID" };
        what.Validators.Add(ObjectName.Check);
        what.Validators.Add(static given =>
        {
            if (given.Tokens is [{ Value: var text }] && !text.Contains('/', StringComparison.Ordinal))
                given.AddError($"{text}: restore takes one object, KIND/ID");
        });
        Option<long?> revision = RevisionOption.Make(isRequired: true);
        Option<bool> yes = Confirmation.Option();
        Option<bool> dryRun = Confirmation.DryRunOption();
        var command = new Command("restore", "Writes one object as it was after a revision: shows what differs, asks, then does it.") { what, revision, yes, dryRun };
        return options.Complete(
            command,
            (given, client, _) =>
            {
                (ResourceKind kind, string? id) = ObjectName.Read(given.GetValue(what)!);
                return new RestoreCall(client, new ObjectName(kind, id!), given.GetValue(revision)!.Value, output, error).RunAsync(given.GetValue(yes), given.GetValue(dryRun));
            },
            writes: true);
    }

    private static IEnumerable<(string Name, string Value)> Named(string text)
    {
        (ResourceKind kind, string? id) = ObjectName.Read(text);
        yield return ("kind", kind.Plural());
        if (id is not null)
            yield return ("id", id);
    }
}
