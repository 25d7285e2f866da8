using System.CommandLine;
using Headgate.CommandLine.Configuration.Gateway;
using Headgate.CommandLine.Overrides;
using Headgate.Settings;

namespace Headgate.CommandLine.Configuration;

/// <summary>The options by which every configuration command finds its gateway, gateway group and workspace.</summary>
/// <param name="load">Reads the settings of a file; null = those that <c>run</c> would take.</param>
/// <param name="config">The option that names the configuration file.</param>
internal sealed class GatewayOptions(Func<string?, LoadedSettings> load, Option<string?> config)
{
    private readonly Option<string?> _admin = new("--admin") { Description = "URL of the gateway's Admin API; default: as the configuration says, on this machine.", HelpName = "URL" };
    private readonly Option<string?> _keyFile = new("--key-file") { Description = "File with a key or an API token; default: the key of the configuration, or the generated one.", HelpName = "FILE" };
    private readonly Option<string?> _group = new("--group") { Description = "Gateway group; default: default.", HelpName = "ID" };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "Workspace of the group; default: default.", HelpName = "ID" };

    /// <summary>Gives them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_group, _workspace, _admin, _keyFile, config])
            command.Add(option);
    }

    /// <summary>Who asks the gateway that the command line names.</summary>
    /// <exception cref="CommandFailedException">The command line or the settings do not say where it is.</exception>
    public GatewayClient Connect(ParseResult given, CancellationToken cancellation)
    {
        Uri? admin = null;
        if (given.GetValue(_admin) is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out admin) || admin.Scheme is not ("http" or "https")))
            throw new CommandFailedException(ExitCodes.ConfigurationError, $"--admin: \"{text}\" is no URL of an Admin API, such as http://127.0.0.1:9180");
        string? file = given.GetValue(config);
        if (AdminAccess.Find(() => load(file), admin, given.GetValue(_keyFile), out AdminAccess? access) is { } problem)
            throw new CommandFailedException(ExitCodes.ConfigurationError, problem);
        return new GatewayClient(access!, given.GetValue(_group), given.GetValue(_workspace), cancellation);
    }
}
