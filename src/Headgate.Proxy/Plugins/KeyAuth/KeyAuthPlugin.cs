using System.Text;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.KeyAuth;

/// <summary>Finds the consumer by a key in a field, or else in an argument.</summary>
internal sealed class KeyAuthPlugin(KeyAuthConfig config, PluginDefinition kind) : AuthenticationPlugin(config, "apikey")
{
    private static readonly byte[] Missing = JsonBodies.Message("Missing API key in request");
    private static readonly byte[] Invalid = JsonBodies.Message("Invalid API key in request");

    private readonly byte[] _header = Encoding.ASCII.GetBytes(config.Header.ToLowerInvariant());
    private readonly byte[] _argument = Encoding.UTF8.GetBytes(config.Query);
    private readonly RequestVariable _query = RequestVariable.Parse($"arg_{config.Query}");

    /// <inheritdoc/>
    protected override CredentialSnapshot? Find(PluginContext context, out byte[] refusal)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        scoped ReadOnlySpan<byte> key;
        if (!context.Request.TryGetHeader(_header, out key) && !_query.TryGet(context.Request, scratch, out key))
        {
            refusal = Missing;
            return null;
        }

        refusal = Invalid;
        return context.Consumers.FindCredential(kind, key);
    }

    /// <inheritdoc/>
    protected override void Hide(PluginContext context)
    {
        context.Forwarded.Remove(_header);
        QueryArgument.Remove(context, _argument);
    }
}
