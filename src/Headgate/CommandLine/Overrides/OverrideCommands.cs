using System.CommandLine;
using System.CommandLine.Parsing;
using Headgate.Core.Config;
using Headgate.Settings;
using Headgate.Settings.Forms;

namespace Headgate.CommandLine.Overrides;

/// <summary>The commands <c>drain</c> and <c>force</c>, which ask a running gateway over its Admin API (docs/reference/overrides.md).</summary>
/// <param name="load">Reads the settings of a file; null = those that <c>run</c> would take.</param>
/// <param name="output">Takes what has become of the node.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class OverrideCommands(Func<string?, LoadedSettings> load, TextWriter output, TextWriter error)
{
    private readonly Argument<string> _upstream = new("upstream")
    {
        Description = "Id of the upstream; routes/ID or services/ID for one that stands in a route or service.",
        HelpName = "UPSTREAM",
    };

    private readonly Argument<string> _node = new("node") { Description = "The node, as the upstream names it.", HelpName = "HOST:PORT" };
    private readonly Option<string?> _note = new("--note") { Description = "Why, for whoever looks at the node later.", HelpName = "TEXT" };
    private readonly Option<bool> _anyway = new("--force") { Description = "Also when no usable node would remain." };

    /// <summary><c>drain</c>.</summary>
    public Command Drain(Option<string?> config)
    {
        Option<TimeSpan?> deadline = new("--deadline")
        {
            Description = "When what is left is cut off: 30s, 5m; default never.",
            HelpName = "TIME",
            CustomParser = ReadDeadline,
        };
        Option<bool> cancel = new("--cancel") { Description = "Takes the drain back." };
        Option<bool> wait = new("--wait") { Description = "Ends when the node is drained." };
        var command = new Command("drain", "Takes a node out: no new requests, those under way may end.") { _upstream, _node, deadline, _anyway, wait, cancel, _note };
        command.Validators.Add(result =>
        {
            if (result.GetValue(cancel) && (result.GetValue(deadline) is not null || result.GetValue(wait) || result.GetValue(_anyway) || result.GetValue(_note) is not null))
                result.AddError("--cancel goes with no other option of drain");
        });
        return With(config, command, (result, call) => result.GetValue(cancel)
            ? call.TakeBackAsync(OverrideKind.Drain)
            : call.GiveAsync(OverrideKind.Drain, result.GetValue(deadline), result.GetValue(_note), result.GetValue(_anyway), result.GetValue(wait)));
    }

    /// <summary><c>force</c>.</summary>
    public Command Force(Option<string?> config)
    {
        Argument<string> word = new("word") { Description = "up: requests whatever checks find; down: no new requests; off: back to what checks find.", HelpName = "up|down|off" };
        word.AcceptOnlyFromAmong("up", "down", "off");
        var command = new Command("force", "Has a node get requests, or none, whatever checks find.") { word, _upstream, _node, _anyway, _note };
        command.Validators.Add(result =>
        {
            if (result.GetValue(word) != "down" && result.GetValue(_anyway))
                result.AddError("--force goes with down only");
            if (result.GetValue(word) == "off" && result.GetValue(_note) is not null)
                result.AddError("--note goes with up and down only");
        });
        return With(config, command, (result, call) => result.GetValue(word) == "off"
            ? call.TakeBackAsync(null)
            : call.GiveAsync(result.GetValue(word) == "up" ? OverrideKind.ForceUp : OverrideKind.ForceDown, null, result.GetValue(_note), result.GetValue(_anyway), wait: false));
    }

    private Command With(Option<string?> config, Command command, Func<ParseResult, OverrideCall, Task<int>> run)
    {
        Option<Uri?> admin = new("--admin") { Description = "Where the Admin API is; default as the configuration file says.", HelpName = "URL", CustomParser = ReadUrl };
        Option<string?> keyFile = new("--key-file") { Description = "File that holds the admin key; default as the configuration file says.", HelpName = "FILE" };
        command.Add(config);
        command.Add(admin);
        command.Add(keyFile);
        command.SetAction(async (result, cancellation) =>
        {
            string? file = result.GetValue(config);
            if (AdminAccess.Find(() => load(file), result.GetValue(admin), result.GetValue(keyFile), out AdminAccess? access) is { } problem)
            {
                await error.WriteLineAsync("error: " + problem);
                return ExitCodes.ConfigurationError;
            }

            using var call = new OverrideCall(access!, result.GetValue(_upstream)!, result.GetValue(_node)!, output, error, cancellation);
            return await run(result, call);
        });
        return command;
    }

    private static TimeSpan? ReadDeadline(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (DurationText.TryParse(text, out TimeSpan value) && value > TimeSpan.Zero)
            return value;
        result.AddError($"--deadline {text}: is no time above zero; write 500ms, 30s, 2m, 1h, or a number of seconds");
        return null;
    }

    private static Uri? ReadUrl(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            return url;
        result.AddError($"--admin {text}: is no URL; write http://127.0.0.1:9180");
        return null;
    }
}
