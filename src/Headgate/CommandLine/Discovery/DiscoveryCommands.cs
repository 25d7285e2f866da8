using System.CommandLine;
using Headgate.CommandLine.Overrides;
using Headgate.Settings;

namespace Headgate.CommandLine.Discovery;

/// <summary>The commands <c>discovery list</c>, <c>show</c> and <c>watch</c>, which ask a running gateway over its Admin API (docs/reference/service-registry.md).</summary>
/// <param name="load">Reads the settings of a file; null = those that <c>run</c> would take.</param>
/// <param name="output">Takes what is known.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class DiscoveryCommands(Func<string?, LoadedSettings> load, TextWriter output, TextWriter error)
{
    private readonly Option<string?> _registry = new("--registry") { Description = "Only this registry: its type, or service_registries/ID.", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the answer of the API as it is." };
    private readonly Option<string?> _admin = new("--admin") { Description = "URL of the gateway's Admin API; default: as the configuration says, on this machine.", HelpName = "URL" };
    private readonly Option<string?> _key = new("--key-file") { Description = "File with a key of the Admin API; default: the key of the configuration, or the generated one.", HelpName = "FILE" };

    /// <summary>The command with its three, which all know the option that names the configuration file.</summary>
    public Command Build(Option<string?> config)
    {
        Argument<string> service = new("service") { Description = "Name of the service, as upstreams name it.", HelpName = "SERVICE" };
        Argument<string?> watched = new("service") { Description = "Only this service.", HelpName = "SERVICE", Arity = ArgumentArity.ZeroOrOne };
        var list = new Command("list", "Prints the service registries, and the services that upstreams follow.") { _json };
        var show = new Command("show", "Prints what is known of a service, with its instances.") { service, _json };
        var watch = new Command("watch", "Prints each change of registries and services, until it is interrupted.") { watched };
        With(config, list, (_, call) => call.ListAsync());
        With(config, show, (result, call) => call.ShowAsync(result.GetValue(service)!));
        With(config, watch, (result, call) => call.WatchAsync(result.GetValue(watched)));
        return new Command("discovery", "Says what a running gateway knows of service registries and their services.") { list, show, watch };
    }

    private void With(Option<string?> config, Command command, Func<ParseResult, DiscoveryCall, Task<int>> run)
    {
        foreach (Option option in (Option[])[_registry, _admin, _key, config])
            command.Add(option);
        command.SetAction(async (result, cancellation) =>
        {
            Uri? admin = null;
            if (result.GetValue(_admin) is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out admin) || admin.Scheme is not ("http" or "https")))
                return await FailAsync($"--admin: \"{text}\" is no URL of an Admin API, such as http://127.0.0.1:9180");
            string? file = result.GetValue(config);
            if (AdminAccess.Find(() => load(file), admin, result.GetValue(_key), out AdminAccess? access) is { } problem)
                return await FailAsync(problem);
            bool json = command.Options.Contains(_json) && result.GetValue(_json);
            using var call = new DiscoveryCall(access!, result.GetValue(_registry), json, output, error, cancellation);
            return await run(result, call);
        });
    }

    private async Task<int> FailAsync(string problem)
    {
        await error.WriteLineAsync("error: " + problem);
        return ExitCodes.ConfigurationError;
    }
}
