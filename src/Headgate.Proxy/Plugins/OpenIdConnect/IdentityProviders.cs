using Headgate.Proxy.Calls;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>The identity providers of a gateway: one for equal terms, as long as somebody uses it. Thread-safe.</summary>
internal sealed class IdentityProviders(PluginServices services)
{
    private readonly WeakTable<ProviderTerms, IdentityProvider> _providers = new();
    private readonly CallClients _clients = services.Shared(static _ => new CallClients());
    private readonly ILogger _logger = services.Loggers.CreateLogger<IdentityProvider>();

    /// <summary>The provider for these terms.</summary>
    public IdentityProvider Of(ProviderTerms terms) => _providers.GetOrAdd(terms, Make);

    private IdentityProvider Make(ProviderTerms terms) =>
        new(terms, new ProviderDocuments(terms, _clients.Of(new CallTerms(terms.VerifiesTls, KeepsAlive: true, TimeSpan.FromSeconds(60)))), services.Time, _logger);
}
