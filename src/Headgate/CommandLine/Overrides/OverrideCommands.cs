using System.CommandLine;
using System.CommandLine.Parsing;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;
using Headgate.Settings.Forms;

namespace Headgate.CommandLine.Overrides;

/// <summary>The commands <c>drain</c> and <c>force</c>, which ask a running gateway over its Admin API (docs/reference/overrides.md).</summary>
/// <param name="options">The options of all commands that ask a gateway.</param>
/// <param name="output">Takes what has become of the node.</param>
internal sealed class OverrideCommands(GatewayOptions options, TextWriter output)
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
    public Command Drain()
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
        return Complete(command, (result, call, cancellation) => result.GetValue(cancel)
            ? call.TakeBackAsync(OverrideKind.Drain)
            : call.GiveAsync(OverrideKind.Drain, result.GetValue(deadline), result.GetValue(_note), result.GetValue(_anyway), result.GetValue(wait), cancellation));
    }

    /// <summary><c>force</c>.</summary>
    public Command Force()
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
        return Complete(command, (result, call, cancellation) => result.GetValue(word) == "off"
            ? call.TakeBackAsync(null)
            : call.GiveAsync(result.GetValue(word) == "up" ? OverrideKind.ForceUp : OverrideKind.ForceDown, null, result.GetValue(_note), result.GetValue(_anyway), wait: false, cancellation));
    }

    private Command Complete(Command command, Func<ParseResult, OverrideCall, CancellationToken, Task<int>> run) => options.Complete(
        command, (given, client, cancellation) => run(given, new OverrideCall(client, given.GetValue(_upstream)!, given.GetValue(_node)!, output), cancellation), writes: true);

    private static TimeSpan? ReadDeadline(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (DurationText.TryParse(text, out TimeSpan value) && value > TimeSpan.Zero)
            return value;
        result.AddError($"--deadline {text}: is no time above zero; write 500ms, 30s, 2m, 1h, or a number of seconds");
        return null;
    }
}
