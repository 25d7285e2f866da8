using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.KeyAuth;

/// <summary><c>key-auth</c>: finds the consumer by a key.</summary>
internal sealed class KeyAuthKind : AuthenticationKind<KeyAuthConfig, KeyAuthCredential>, IIdentifyingKind
{
    /// <inheritdoc/>
    public override string Name => "key-auth";

    /// <inheritdoc/>
    public override int Priority => 2500;

    /// <inheritdoc/>
    public override string ConsumerKey => "key";

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields => ["key"];

    /// <inheritdoc/>
    protected override KeyAuthConfig? ReadConfig(ObjectReader reader)
    {
        var config = new KeyAuthConfig
        {
            Header = SchemaRules.FieldName(reader, "header") ?? "apikey",
            Query = reader.Text("query", 1) ?? "apikey",
            Realm = AuthenticationReader.Realm(reader, "key"),
            HidesCredentials = AuthenticationReader.HidesCredentials(reader),
            AnonymousConsumer = AuthenticationReader.AnonymousConsumer(reader),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override KeyAuthCredential? ReadConsumer(ObjectReader reader)
    {
        reader.Require("key");
        string? key = reader.Text("key", 1);
        reader.ForbidOthers();
        return key is null ? null : new KeyAuthCredential(key);
    }

    /// <inheritdoc/>
    protected override string KeyOf(KeyAuthCredential credential) => credential.Key;

    /// <inheritdoc/>
    protected override Plugin Make(KeyAuthConfig config, PluginServices services) => new KeyAuthPlugin(config, this);
}
