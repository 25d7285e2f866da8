using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.BasicAuth;

/// <summary><c>basic-auth</c>: finds the consumer by name and password (RFC 7617).</summary>
internal sealed class BasicAuthKind : AuthenticationKind<BasicAuthConfig, BasicAuthCredential>, IIdentifyingKind
{
    /// <inheritdoc/>
    public override string Name => "basic-auth";

    /// <inheritdoc/>
    public override int Priority => 2520;

    /// <inheritdoc/>
    public override string ConsumerKey => "username";

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields => ["password"];

    /// <inheritdoc/>
    protected override BasicAuthConfig? ReadConfig(ObjectReader reader)
    {
        var config = new BasicAuthConfig
        {
            Realm = AuthenticationReader.Realm(reader, "basic"),
            HidesCredentials = AuthenticationReader.HidesCredentials(reader),
            AnonymousConsumer = AuthenticationReader.AnonymousConsumer(reader),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override BasicAuthCredential? ReadConsumer(ObjectReader reader)
    {
        reader.Require("username");
        reader.Require("password");
        string? username = reader.Text("username");
        string? password = reader.Text("password");
        if (username?.Contains(':', StringComparison.Ordinal) == true)
            reader.Findings.Warn(reader.At.Property("username"), "username: a colon ends the name in what clients send (RFC 7617), so nobody can be this consumer");
        reader.ForbidOthers();
        return username is null || password is null
            ? null
            : new BasicAuthCredential(username, new EquatableArray<byte>([.. SHA256.HashData(Encoding.UTF8.GetBytes(password))]));
    }

    /// <inheritdoc/>
    protected override string KeyOf(BasicAuthCredential credential) => credential.Username;

    /// <inheritdoc/>
    protected override Plugin Make(BasicAuthConfig config, PluginServices services) => new BasicAuthPlugin(config, this);
}
