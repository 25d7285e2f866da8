using System.CommandLine;
using Headgate.CommandLine.Gateway;

namespace Headgate.CommandLine.Discovery;

/// <summary>The commands <c>discovery list</c>, <c>show</c> and <c>watch</c>, which ask a running gateway over its Admin API (docs/reference/service-registry.md).</summary>
/// <param name="options">The options of all commands that ask a gateway.</param>
/// <param name="output">Takes what is known.</param>
internal sealed class DiscoveryCommands(GatewayOptions options, TextWriter output)
{
    private readonly Option<string?> _registry = new("--registry") { Description = "Only this registry: its type, or service_registries/ID.", HelpName = "NAME" };

    /// <summary>The command with its three.</summary>
    public Command Build()
    {
        Argument<string> service = new("service") { Description = "Name of the service, as upstreams name it.", HelpName = "SERVICE" };
        Argument<string?> watched = new("service") { Description = "Only this service.", HelpName = "SERVICE", Arity = ArgumentArity.ZeroOrOne };
        Option<string> format = OutputFormat.Option();
        var list = new Command("list", "Prints the service registries, and the services that upstreams follow.") { _registry, format };
        var show = new Command("show", "Prints what is known of a service, with its instances.") { service, _registry, format };
        var watch = new Command("watch", "Prints each change of registries and services, until it is interrupted.") { watched, _registry };
        options.Complete(list, (given, client, _) => Call(given, client).ListAsync(given.GetValue(format)!));
        options.Complete(show, (given, client, _) => Call(given, client).ShowAsync(given.GetValue(service)!, given.GetValue(format)!));
        options.Complete(watch, (given, client, cancellation) => Call(given, client).WatchAsync(given.GetValue(watched), cancellation));
        return new Command("discovery", "Says what a running gateway knows of service registries and their services.") { list, show, watch };
    }

    private DiscoveryCall Call(ParseResult given, GatewayClient client) => new(client, given.GetValue(_registry), output);
}
