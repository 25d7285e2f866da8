using System.CommandLine;
using Headgate.Settings;

namespace Headgate.CommandLine.Gateway;

/// <summary>
/// What all commands have in common that ask a running gateway: the options by which they find it, its gateway group and workspace; <c>--message</c> for those that write; and what
/// becomes of failures.
/// </summary>
/// <param name="load">Reads the settings of a file; null = those that <c>run</c> would take.</param>
/// <param name="config">The option that names the configuration file.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class GatewayOptions(Func<string?, LoadedSettings> load, Option<string?> config, TextWriter error)
{
    /// <summary>What the gateway keeps of a message.</summary>
    private const int MessageMax = 500;

    private readonly Option<Uri?> _admin = new("--admin")
    {
        Description = "URL of the gateway's Admin API; default: as the configuration says, on this machine.",
        HelpName = "URL",
        CustomParser = static given => UrlText.Read(given, "is no URL of an Admin API, such as http://127.0.0.1:9180"),
    };

    private readonly Option<string?> _keyFile = new("--key-file") { Description = "File with a key or an API token; default: the key of the configuration, or the generated one.", HelpName = "FILE" };
    private readonly Option<string?> _group = new("--group") { Description = "Gateway group; default: that of the API token, or default.", HelpName = "ID" };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "Workspace of the group; default: that of the API token, or default.", HelpName = "ID" };
    private readonly Option<string?> _message = Message();

    /// <summary>Gives a command the options and <paramref name="run"/>, whose failures become lines of the standard error and exit codes.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Does it; returns the exit code.</param>
    /// <param name="writes">Whether it changes anything, so that its reason is of interest.</param>
    /// <param name="wrong">Exit code when the command line, the settings or files are wrong.</param>
    public Command Complete(Command command, Func<ParseResult, GatewayClient, CancellationToken, Task<int>> run, bool writes = false, int wrong = ExitCodes.ConfigurationError)
    {
        foreach (Option option in (Option[])[_group, _workspace, _admin, _keyFile, .. ClientTlsOptions.All, config])
            command.Add(option);
        if (writes)
            command.Add(_message);
        command.SetAction(async (given, cancellation) =>
        {
            try
            {
                using GatewayClient client = Connect(given, writes, cancellation);
                return await AskAsync(client, () => run(given, client, cancellation));
            }
            catch (CommandFailedException e)
            {
                await error.WriteLineAsync("error: " + e.Message);
                return e.ExitCode == ExitCodes.ConfigurationError ? wrong : e.ExitCode;
            }
        });
        return command;
    }

    private static async Task<int> AskAsync(GatewayClient client, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (HttpRequestException e)
        {
            throw new CommandFailedException(ExitCodes.Unreachable, $"no gateway answers at {client.Url}: {e.Message} (is it running? --admin URL says where its Admin API is)");
        }
        catch (KeyNotFoundException)
        {
            // A member of the answer is not there.
            throw new CommandFailedException(ExitCodes.Refused, $"what answers at {client.Url} is no Admin API of Headgate's");
        }
    }

    /// <exception cref="CommandFailedException">The settings do not say where it is.</exception>
    private GatewayClient Connect(ParseResult given, bool writes, CancellationToken cancellation)
    {
        string? file = given.GetValue(config);
        if (AdminAccess.Find(given, () => load(file), given.GetValue(_admin), given.GetValue(_keyFile), out AdminAccess? access) is { } problem)
            throw new CommandFailedException(ExitCodes.ConfigurationError, problem);
        return new GatewayClient(access!, given.GetValue(_group), given.GetValue(_workspace), cancellation) { Message = writes ? given.GetValue(_message) : null };
    }

    /// <summary>The gateway refuses the same; here it is said before anything is asked or planned.</summary>
    private static Option<string?> Message()
    {
        Option<string?> option = new("--message", "-m") { Description = $"Why, for the history: one line, at most {MessageMax} characters.", HelpName = "TEXT" };
        option.Validators.Add(static result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (text.Trim().Length == 0 || text.Length > MessageMax || text.Any(char.IsControl))
                result.AddError($"--message: give one line of 1 to {MessageMax} characters, without control characters");
        });
        return option;
    }
}
